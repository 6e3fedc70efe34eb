type LogLine = (fields: Readonly<Record<string, unknown>>, message: string) => void;

/** What this package needs of a logger; a pino logger fits. Messages are fixed phrases, data is in the fields. */
export interface RpcLog {
  debug: LogLine;
  info: LogLine;
  warn: LogLine;
  error: LogLine;
}

const longestText = 200;

/** The beginning of a text that somebody sent: as long as any honest name, and no longer. */
export function forLog(text: string): string {
  return text.length > longestText ? `${text.slice(0, longestText)}…` : text;
}
