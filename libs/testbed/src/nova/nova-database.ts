import { readFileSync } from 'node:fs';
import { createConnection, type Connection, type RowDataPacket } from 'mysql2/promise';
import { createScratchDatabase } from '../servers/scratch-database.js';

// beside the sources, also when this is compiled
const schema = new URL('../../src/nova/mitaka.sql', import.meta.url);

type Row = Readonly<Record<string, unknown>>;

/** A database as nova's services have it, for tests of what is made of it. */
export class NovaTestDatabase {
  private constructor(
    readonly url: string,
    private readonly connection: Connection,
    private readonly dropSchema: () => Promise<void>,
  ) {}

  /** With nova's tables, empty. The test has to drop it. */
  static async create(databaseUrl: string): Promise<NovaTestDatabase> {
    const scratch = await createScratchDatabase(databaseUrl);
    const connection = await createConnection({ uri: scratch.url, multipleStatements: true, timezone: 'Z' });
    await connection.query(readFileSync(schema, 'utf8'));
    return new NovaTestDatabase(scratch.url, connection, () => scratch.drop());
  }

  /** Live rows, unless they say otherwise; all have the columns of the first. */
  async insert(table: string, ...rows: readonly Row[]): Promise<void> {
    const live = rows.map((row) => ({ deleted: 0, ...row }));
    const columns = Object.keys(live[0] ?? {});
    await this.connection.query(`INSERT INTO \`${table}\` (??) VALUES ?`, [
      columns,
      live.map((row) => columns.map((column) => new Map(Object.entries(row)).get(column))),
    ]);
  }

  async run(sql: string, parameters: readonly unknown[] = []): Promise<readonly RowDataPacket[]> {
    const [rows] = await this.connection.query<RowDataPacket[]>(sql, [...parameters]);
    return rows;
  }

  async drop(): Promise<void> {
    this.connection.destroy();
    await this.dropSchema();
  }
}
