import { collectDefaultMetrics } from 'prom-client';
import { createLogger, type Logger, type LogLevel } from '../logging/logger.js';
import { thisProcess, type ProcessHost } from './process-host.js';
import { describeListenFailure, requestedText, sentencesOf } from './start-failure.js';

/** One HTTP port of a service. */
export interface HttpServer {
  readonly app: {
    listen(port: number, host: string): Promise<unknown>;
    close(): Promise<void>;
  };
  readonly host: string;
  readonly port: number;
  /** The options to change when it cannot be opened. */
  readonly hostOption: string;
  readonly portOption: string;
}

/** An assembled service, nothing opened yet. */
export interface ServiceParts {
  /** Opened in this order, closed in the reverse one. The one with the health page comes first. */
  readonly servers: readonly HttpServer[];
  /** Begun once all servers are open. May wait for broker and database as long as it takes; if it rejects, the process ends. */
  readonly start?: () => Promise<void>;
}

export interface ServiceDefinition<S extends { readonly logLevel: LogLevel }> {
  /** "metadata". */
  readonly name: string;
  /** `() => loadSettings({ argv: process.argv.slice(2), env: process.env })` */
  readonly configure: () => S;
  /** Must not wait for anything outside the process: that belongs into `start`. */
  readonly create: (settings: S, log: Logger) => Promise<ServiceParts>;
}

const STOP_LIMIT_MS = 5000;

/**
 * The life of a service process. A start that fails ends with a sentence on standard error and exit code 1. SIGTERM and
 * SIGINT close everything, within five seconds; a second signal ends the process at once.
 */
export async function runService<S extends { readonly logLevel: LogLevel }>(
  service: ServiceDefinition<S>,
  host: ProcessHost = thisProcess,
): Promise<void> {
  try {
    const settings = service.configure();
    const log = createLogger(service.name, settings.logLevel);
    host.onUncaught((error) => {
      log.fatal({ error }, 'unexpected error');
      host.exit(1);
    });
    await start(await service.create(settings, log), log, host);
  } catch (error) {
    const text = requestedText(error);
    if (text !== undefined) {
      host.say(text);
      return host.exit(0);
    }
    for (const sentence of sentencesOf(error)) host.complain(`${service.name}: ${sentence}`);
    host.exit(1);
  }
}

async function start(parts: ServiceParts, log: Logger, host: ProcessHost): Promise<void> {
  const isStopping = stopOnSignal(parts, log, host);
  collectDefaultMetrics();
  try {
    for (const server of parts.servers) await open(server, log);
    log.info('service started');
    await parts.start?.();
  } catch (error) {
    // What is still starting while everything is being closed, fails: no news.
    if (!isStopping()) throw error;
  }
}

async function open(server: HttpServer, log: Logger): Promise<void> {
  try {
    await server.app.listen(server.port, server.host);
  } catch (error) {
    throw new Error(describeListenFailure(server, error), { cause: error });
  }
  log.info({ host: server.host, port: server.port }, 'listening');
}

function stopOnSignal(parts: ServiceParts, log: Logger, host: ProcessHost): () => boolean {
  let isStopping = false;
  host.onSignal((signal) => {
    if (isStopping) return host.exit(1);
    isStopping = true;
    log.info({ signal }, 'service stopping');
    void stop(parts, log).then((code) => host.exit(code));
  });
  return () => isStopping;
}

/** Answers the exit code. */
async function stop(parts: ServiceParts, log: Logger): Promise<number> {
  const { promise: late, resolve } = Promise.withResolvers<'late'>();
  const timer = setTimeout(() => resolve('late'), STOP_LIMIT_MS);
  try {
    if ((await Promise.race([closeAll(parts), late])) === 'late') {
      log.error({ limitSeconds: STOP_LIMIT_MS / 1000 }, 'service did not stop in time');
      return 1;
    }
    log.info('service stopped');
    return 0;
  } catch (error) {
    log.error({ error }, 'service did not stop cleanly');
    return 1;
  } finally {
    clearTimeout(timer);
  }
}

async function closeAll(parts: ServiceParts): Promise<void> {
  for (const server of parts.servers.toReversed()) await server.app.close();
}
