/** The part of a pino logger that is used here. */
export interface DatabaseLog {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

export const silentLog: DatabaseLog = { debug() {}, info() {}, warn() {} };
