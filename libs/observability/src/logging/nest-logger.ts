import type { LoggerService, NestApplicationOptions } from '@nestjs/common';
import type { Logger } from './logger.js';

/** The options every NestFactory.create here takes: our log lines, errors thrown instead of ending the process. */
export function nestOptions(logger: Logger): NestApplicationOptions {
  return { logger: new NestLogger(logger), abortOnError: false, forceCloseConnections: true };
}

/** What NestJS has to say, as lines of our logger. Its reports of routine become debug. */
class NestLogger implements LoggerService {
  constructor(private readonly logger: Logger) {}

  log(message: unknown, ...rest: unknown[]): void {
    this.logger.debug(fieldsOf(message, rest), phraseOf(message));
  }

  debug(message: unknown, ...rest: unknown[]): void {
    this.logger.debug(fieldsOf(message, rest), phraseOf(message));
  }

  verbose(message: unknown, ...rest: unknown[]): void {
    this.logger.trace(fieldsOf(message, rest), phraseOf(message));
  }

  warn(message: unknown, ...rest: unknown[]): void {
    this.logger.warn(fieldsOf(message, rest), phraseOf(message));
  }

  error(message: unknown, ...rest: unknown[]): void {
    this.logger.error(fieldsOf(message, rest), phraseOf(message));
  }

  fatal(message: unknown, ...rest: unknown[]): void {
    this.logger.fatal(fieldsOf(message, rest), phraseOf(message));
  }
}

/** NestJS appends its context (a class name) last, on errors the stack before it. */
function fieldsOf(message: unknown, rest: readonly unknown[]): object {
  const context = rest.at(-1);
  const details = rest.slice(0, -1).filter((each) => each !== undefined);
  return {
    ...(context === undefined ? {} : { context }),
    ...(details.length === 0 ? {} : { details }),
    ...(message instanceof Error ? { error: message } : {}),
    ...(typeof message === 'object' && message !== null && !(message instanceof Error)
      ? { data: message }
      : {}),
  };
}

function phraseOf(message: unknown): string {
  if (message instanceof Error) return message.message;
  return typeof message === 'string' ? message : 'nest reports';
}
