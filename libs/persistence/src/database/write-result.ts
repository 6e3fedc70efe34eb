/** What an INSERT, UPDATE or DELETE answers. */
export interface WriteResult {
  /** Rows that matched, changed or not: mysql2 connects with FOUND_ROWS. */
  readonly affectedRows: number;
  /** AUTO_INCREMENT's, or LAST_INSERT_ID(expression)'s value. */
  readonly insertId: number;
}
