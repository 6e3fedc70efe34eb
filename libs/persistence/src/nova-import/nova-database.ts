import mysql, { type Connection, type RowDataPacket } from 'mysql2/promise';
import { connectionOf, CONNECT_TIMEOUT_MS } from '../database/data-source.js';
import { parseDatabaseUrl, type DatabaseTarget } from '../database/database-url.js';
import { NovaUnreadable } from './errors.js';

/** Rows that are read at a time. */
const PAGE = 2000;

/** What an instance is known by; Essex has its number where later novas have its uuid. */
export const INSTANCE_UUID = 'instance_uuid';

const REQUIRED = ['networks', 'fixed_ips', 'floating_ips', 'virtual_interfaces', 'instances'];

/** What to read of a table. */
export interface TableSelection {
  readonly table: string;
  readonly columns: readonly string[];
  /** Instead of a column, SQL about the row `t`. */
  readonly expressions?: Readonly<Record<string, string>>;
  /** Beside being live. */
  readonly condition?: string;
  readonly parameters?: readonly unknown[];
  readonly withDeleted?: boolean;
}

/**
 * A nova database, as it was at one moment; nothing is ever written. What this version of nova has no table or column for
 * reads as empty or null.
 */
export class NovaDatabase {
  private constructor(
    private readonly connection: Connection,
    private readonly columns: ReadonlyMap<string, ReadonlySet<string>>,
    private readonly onRead: (table: string, rows: number) => void,
  ) {}

  /** Throws InvalidDatabaseUrl, NovaUnreadable. */
  static async open(url: string, onRead: (table: string, rows: number) => void): Promise<NovaDatabase> {
    const target = parseDatabaseUrl(url);
    const connection = await connect(target);
    try {
      const columns = await columnsOf(connection, target.schema);
      const missing = REQUIRED.filter((table) => !columns.has(table));
      if (missing.length > 0 || !columns.get('fixed_ips')?.has('network_id')) {
        throw new NovaUnreadable(
          missing.length > 0
            ? `the schema ${target.schema} is no nova database: it has no table ${missing.join(', ')}`
            : `the schema ${target.schema} is no nova database: its fixed_ips have no network_id`,
        );
      }
      await connection.query('SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ');
      await connection.query('START TRANSACTION WITH CONSISTENT SNAPSHOT');
      return new NovaDatabase(connection, columns, onRead);
    } catch (error) {
      connection.destroy();
      throw unreadable(error);
    }
  }

  close(): void {
    this.connection.destroy();
  }

  has(table: string, column?: string): boolean {
    const columns = this.columns.get(table);
    return column === undefined ? columns !== undefined : (columns?.has(column) ?? false);
  }

  /** All rows of a selection that has an id, by id. */
  async select<Row extends { readonly id: number }>(selection: TableSelection): Promise<Row[]> {
    const { table, parameters = [] } = selection;
    if (!this.has(table)) return [];
    const rows: Row[] = [];
    for (let last = 0; ;) {
      const page = await this.query<Row>(
        `${this.statement(selection)} AND t.id > ? ORDER BY t.id LIMIT ${PAGE}`,
        [...parameters, last],
      );
      for (const row of page) rows.push(row);
      this.onRead(table, rows.length);
      const end = page.at(-1);
      if (!end || page.length < PAGE) return rows;
      last = end.id;
    }
  }

  /** The rows of a selection whose column has one of these values; its condition ends with the values' place. */
  async selectEach<Row extends { readonly id: number }>(
    selection: TableSelection,
    column: string,
    values: readonly (string | number)[],
  ): Promise<Row[]> {
    const rows: Row[] = [];
    for (let from = 0; from < values.length; from += PAGE) {
      const some = values.slice(from, from + PAGE);
      const condition = `t.${column} IN (?)`;
      for (const row of await this.select<Row>({ ...selection, condition, parameters: [some] }))
        rows.push(row);
    }
    return rows;
  }

  /** For tables without id. */
  async selectAll<Row extends object>(selection: TableSelection): Promise<Row[]> {
    return this.has(selection.table) ? this.query<Row>(this.statement(selection)) : [];
  }

  async query<Row extends object>(sql: string, parameters: readonly unknown[] = []): Promise<Row[]> {
    try {
      const [rows] = await this.connection.query<(Row & RowDataPacket)[]>(sql, [...parameters]);
      return rows;
    } catch (error) {
      throw unreadable(error);
    }
  }

  private statement({ table, columns, expressions = {}, condition, withDeleted }: TableSelection): string {
    const list = columns.map((column) => `${this.expression(table, column, expressions)} AS \`${column}\``);
    const conditions = [withDeleted ? 'TRUE' : 't.deleted = 0', ...(condition ? [`(${condition})`] : [])];
    return `SELECT ${list.join(', ')} FROM \`${table}\` t WHERE ${conditions.join(' AND ')}`;
  }

  private expression(table: string, column: string, expressions: Readonly<Record<string, string>>): string {
    const own = expressions[column];
    if (own !== undefined) return own;
    if (this.has(table, column)) return `t.\`${column}\``;
    const isByNumber = column === INSTANCE_UUID && this.has(table, 'instance_id');
    return isByNumber ? '(SELECT x.uuid FROM instances x WHERE x.id = t.instance_id)' : 'NULL';
  }
}

async function connect(target: DatabaseTarget): Promise<Connection> {
  const { username, ...where } = connectionOf(target);
  try {
    return await mysql.createConnection({
      ...where,
      user: username,
      database: target.schema,
      charset: 'utf8mb4',
      timezone: 'Z',
      connectTimeout: CONNECT_TIMEOUT_MS,
    });
  } catch (error) {
    throw unreadable(error);
  }
}

async function columnsOf(connection: Connection, schema: string): Promise<Map<string, Set<string>>> {
  const [rows] = await connection.query<(RowDataPacket & { tableName: string; columnName: string })[]>(
    `SELECT table_name AS tableName, column_name AS columnName
       FROM information_schema.columns WHERE table_schema = ?`,
    [schema],
  );
  const tables = Map.groupBy(rows, ({ tableName }) => tableName);
  return new Map([...tables].map(([name, own]) => [name, new Set(own.map(({ columnName }) => columnName))]));
}

function unreadable(error: unknown): unknown {
  if (error instanceof NovaUnreadable || !(error instanceof Error)) return error;
  const reason = error.message || ('code' in error ? String(error.code) : error.name);
  return new NovaUnreadable(`nova's database cannot be read: ${reason}`, { cause: error });
}
