/** What the global setup of the integration tests provides: `inject('databaseUrl')`. */
export interface BackingServiceUrls {
  /** mysql://user:password@host:port of a server, no schema: see createScratchDatabase. */
  databaseUrl: string;
  /** amqp://user:password@host:port/ of a broker: see uniqueExchange. */
  amqpUrl: string;
}

declare module 'vitest' {
  interface ProvidedContext extends BackingServiceUrls {}
}
