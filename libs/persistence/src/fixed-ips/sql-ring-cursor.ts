import { ringSize, type AddressPool, type RingCursor, type Span } from '@novanet/ipam';
import type { Database } from '../database/database.js';
import type { WriteResult } from '../database/write-result.js';

/** The cursor of one subnet: each method is one statement that commits by itself. */
export class SqlRingCursor implements RingCursor {
  readonly size: number;

  constructor(
    private readonly database: Database,
    private readonly subnetId: number,
    private readonly pool: AddressPool,
  ) {
    this.size = ringSize(pool);
  }

  async take(count: number): Promise<number> {
    const result = await this.write(
      'UPDATE subnet_cursors SET next_offset = (LAST_INSERT_ID(next_offset) + ?) % ? WHERE subnet_id = ?',
      [count, this.size, this.subnetId],
    );
    return result.insertId;
  }

  async freeAmong(spans: readonly Span[]): Promise<number[]> {
    const inSpan = spans.map(() => 'number BETWEEN ? AND ?').join(' OR ');
    const ends = spans.flatMap(({ first, last }) => [this.numberAt(first), this.numberAt(last)]);
    const rows = await this.database.run((manager) =>
      manager.query<{ taken: string }[]>(
        `SELECT CAST(number AS CHAR) AS taken FROM fixed_ips WHERE subnet_id = ? AND (${inSpan})`,
        [this.subnetId, ...ends],
      ),
    );
    const taken = new Set(rows.map((row) => this.offsetOf(row.taken)));
    return spans.flatMap(offsetsIn).filter((offset) => !taken.has(offset));
  }

  async claim(offset: number, spans: readonly Span[]): Promise<boolean> {
    const inSpan = spans.map(() => 'next_offset BETWEEN ? AND ?').join(' OR ');
    const result = await this.write(
      `UPDATE subnet_cursors SET next_offset = ? WHERE subnet_id = ? AND (${inSpan})`,
      [(offset + 1) % this.size, this.subnetId, ...spans.flatMap(({ first, last }) => [first, last])],
    );
    return result.affectedRows === 1;
  }

  /** The start of the span if it is free, else the end of the run of rows that begins there. */
  async firstFree(span: Span): Promise<number | undefined> {
    const [first, last] = [this.numberAt(span.first), this.numberAt(span.last)];
    const [row] = await this.database.run((manager) =>
      manager.query<{ free: string | null }[]>(
        `SELECT CAST(IF(
           EXISTS (SELECT 1 FROM fixed_ips WHERE subnet_id = ? AND number = ?),
           (SELECT f.number + 1 FROM fixed_ips f
              LEFT JOIN fixed_ips beyond ON beyond.subnet_id = f.subnet_id AND beyond.number = f.number + 1
             WHERE f.subnet_id = ? AND f.number >= ? AND f.number < ? AND beyond.id IS NULL
             ORDER BY f.number LIMIT 1),
           ?) AS CHAR) AS free`,
        [this.subnetId, first, this.subnetId, first, last, first],
      ),
    );
    return row?.free ? this.offsetOf(row.free) : undefined;
  }

  /** As a number, not text: text would be compared in floating point. */
  private numberAt(offset: number): bigint {
    return this.pool.first.value + BigInt(offset);
  }

  private offsetOf(number: string): number {
    return Number(BigInt(number) - this.pool.first.value);
  }

  private write(sql: string, parameters: number[]): Promise<WriteResult> {
    return this.database.run((manager) => manager.query<WriteResult>(sql, parameters));
  }
}

function offsetsIn({ first, last }: Span): number[] {
  return Array.from({ length: last - first + 1 }, (_, step) => first + step);
}
