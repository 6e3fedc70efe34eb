import { createConnection, type Connection, type RowDataPacket } from 'mysql2/promise';

interface StatusRow extends RowDataPacket {
  readonly Variable_name: string;
  readonly Value: string;
}

export interface StatementCounts {
  readonly statements: number;
  readonly logWrites: number;
}

/** Reads the server's own counters. */
export class StatementMeter {
  private readings = 0;

  private constructor(private readonly connection: Connection) {}

  static async connect(databaseUrl: string): Promise<StatementMeter> {
    const connection = await createConnection(databaseUrl);
    // After an interruption the server goes first.
    connection.on('error', () => undefined);
    return new StatementMeter(connection);
  }

  /** Without the statements of this meter. */
  async read(): Promise<StatementCounts> {
    const [rows] = await this.connection.query<StatusRow[]>(
      "SHOW GLOBAL STATUS WHERE Variable_name IN ('Questions', 'Innodb_log_writes')",
    );
    const valueOf = (name: string) => Number(rows.find((row) => row.Variable_name === name)?.Value);
    this.readings += 1;
    return { statements: valueOf('Questions') - this.readings, logWrites: valueOf('Innodb_log_writes') };
  }

  close(): Promise<void> {
    return this.connection.end();
  }
}
