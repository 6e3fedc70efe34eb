type LogLine = (fields: Readonly<Record<string, unknown>>, message: string) => void;

/** What this package needs of a logger; a pino logger fits. Messages are fixed phrases, data is in the fields. */
export interface RpcLog {
  debug: LogLine;
  info: LogLine;
  warn: LogLine;
  error: LogLine;
}
