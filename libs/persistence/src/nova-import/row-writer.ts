import type { EntityManager } from 'typeorm';

/** Rows of one statement: user data makes a row of an instance large, and a server takes only so much at once. */
const CHUNK = 100;

/** Inserts many rows, and says how far it is. */
export class RowWriter {
  private readonly written = new Map<string, number>();

  constructor(
    private readonly manager: EntityManager,
    private readonly onWritten: (table: string, rows: number) => void,
  ) {}

  async insert(
    table: string,
    columns: readonly string[],
    rows: readonly (readonly unknown[])[],
    suffix = '',
  ): Promise<void> {
    const names = columns.map((column) => `\`${column}\``).join(', ');
    for (let from = 0; from < rows.length; from += CHUNK) {
      const some = rows.slice(from, from + CHUNK);
      await this.manager.query(`INSERT INTO \`${table}\` (${names}) VALUES ? ${suffix}`, [some]);
      const written = (this.written.get(table) ?? 0) + some.length;
      this.written.set(table, written);
      this.onWritten(table, written);
    }
  }

  /** Inserts rows with nova's numbers where nobody has them; the others get the next ones. */
  async insertNumbered<Row extends { readonly novaId: number }>(
    table: string,
    columns: readonly string[],
    rows: readonly Row[],
    values: (row: Row) => readonly unknown[],
  ): Promise<void> {
    const isFree = await this.freeNumbers(table, rows);
    const numbered = rows.filter(({ novaId }) => isFree(novaId));
    const others = rows.filter(({ novaId }) => !isFree(novaId));
    // those with numbers first: no new number is one of theirs then
    await this.insert(
      table,
      ['id', ...columns],
      numbered.map((row) => [row.novaId, ...values(row)]),
    );
    await this.insert(
      table,
      columns,
      others.map((row) => values(row)),
    );
  }

  /** Whether nobody has the number in the table. */
  async freeNumbers(
    table: string,
    rows: readonly { readonly novaId: number }[],
  ): Promise<(novaId: number) => boolean> {
    const taken = new Set<number>();
    for (let from = 0; from < rows.length; from += CHUNK) {
      const some = rows.slice(from, from + CHUNK).map(({ novaId }) => novaId);
      const found = await this.manager.query<{ id: number }[]>(
        `SELECT id FROM \`${table}\` WHERE id IN (?)`,
        [some],
      );
      for (const { id } of found) taken.add(id);
    }
    return (novaId) => !taken.has(novaId);
  }
}
