import type { HttpServer } from './run-service.js';

/** The error that ended a start, in sentences an operator can act on. */
export function sentencesOf(error: unknown): readonly string[] {
  if (!(error instanceof Error)) return [String(error)];
  // @novanet/config's ConfigurationError.
  if ('problems' in error && Array.isArray(error.problems)) return error.problems.map(String);
  return [error.message];
}

/** The text of @novanet/config's InformationRequested, which is no failure. */
export function requestedText(error: unknown): string | undefined {
  return error instanceof Error && 'text' in error && typeof error.text === 'string' ? error.text : undefined;
}

/** A server could not be opened: says which option to change. */
export function describeListenFailure(server: HttpServer, error: unknown): string {
  const { port, host, portOption, hostOption } = server;
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  switch (code) {
    case 'EADDRINUSE':
      return `port ${port} on ${host} is taken by another program; change ${portOption} or stop it`;
    case 'EADDRNOTAVAIL':
      return `this machine has no address ${host}; change ${hostOption}`;
    case 'EACCES':
      return `port ${port} on ${host} may not be opened by this user; change ${portOption}, or run as root`;
    default:
      return `port ${port} on ${host} cannot be opened: ${error instanceof Error ? error.message : String(error)}`;
  }
}
