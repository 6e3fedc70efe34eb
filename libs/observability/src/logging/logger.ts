import { pino, stdTimeFunctions, type DestinationStream } from 'pino';
import { redactSecrets } from './redact-secrets.js';
import { currentRequestId } from './request-id.js';

export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal';

/** Called as `log.info({ network, address }, 'fixed ip allocated')`: data in fields, a fixed lower-case phrase as message. */
export type Logger = pino.Logger;

/**
 * JSON lines on standard output, secrets taken out, each with the id of the request it belongs to.
 * @param service becomes the field `service`
 */
export function createLogger(service: string, level: LogLevel, destination?: DestinationStream): Logger {
  const options: pino.LoggerOptions = {
    level,
    base: { service },
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    // nova's name of the field.
    mixin: () => {
      const requestId = currentRequestId();
      return requestId === undefined ? {} : { request_id: requestId };
    },
    serializers: { error: pino.stdSerializers.err },
    hooks: { streamWrite: redactSecrets },
  };
  return destination ? pino(options, destination) : pino(options);
}
