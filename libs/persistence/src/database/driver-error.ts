import { DatabaseUnavailable, NetworkServiceError } from '@novanet/ipam';
import { QueryFailedError } from 'typeorm';

/** What mysql2 says of a failed statement or connection. */
interface DriverError extends Error {
  /** Absent: a statement was sent over a connection that is closed. */
  readonly code?: string;
  /** The connection is of no more use. */
  readonly fatal?: boolean;
}

/** Failures that pass by themselves: the transaction is run again. */
export type PassingFailure = 'deadlock' | 'lock-wait' | 'connection';

/** A statement failed for a reason that is a fault of ours or of the server's set-up. */
export class DatabaseFailure extends NetworkServiceError {
  constructor(cause: DriverError) {
    super('internal', `The database refused a statement: ${cause.message}`, { code: cause.code ?? '' });
    this.cause = cause;
  }
}

const DEADLOCK = new Set(['ER_LOCK_DEADLOCK', 'ER_CHECKREAD']);

/** What a server says before it closes the connection. Whatever happens to the connection itself is fatal. */
const LAST_WORDS = new Set([
  'ER_CONNECTION_KILLED',
  'ER_CON_COUNT_ERROR',
  'ER_NORMAL_SHUTDOWN',
  'ER_SERVER_SHUTDOWN',
  'ER_UNKNOWN_COM_ERROR',
]);

export function passingFailureOf(error: unknown): PassingFailure | undefined {
  const cause = driverErrorOf(error);
  if (!cause) return undefined;
  const { code = '', fatal } = cause;
  if (DEADLOCK.has(code)) return 'deadlock';
  if (code === 'ER_LOCK_WAIT_TIMEOUT') return 'lock-wait';
  return fatal === true || LAST_WORDS.has(code) ? 'connection' : undefined;
}

/** The name of the unique key that an INSERT or UPDATE would have broken. */
export function duplicateKeyOf(error: unknown): string | undefined {
  const cause = driverErrorOf(error);
  if (cause?.code !== 'ER_DUP_ENTRY') return undefined;
  // MySQL 8 writes table.key, MariaDB the key alone
  return /for key '(?:[^']*\.)?([^'.]+)'$/.exec(cause.message)?.[1];
}

/** A foreign key leads to a row that does not exist (any more). */
export function isMissingParent(error: unknown): boolean {
  return driverErrorOf(error)?.code === 'ER_NO_REFERENCED_ROW_2';
}

/** Driver errors become domain errors, once; everything else stays as it is. */
export function translated(error: unknown): unknown {
  const cause = driverErrorOf(error);
  if (!cause) return error;
  if (passingFailureOf(cause)) return new DatabaseUnavailable(cause.message, { cause });
  return new DatabaseFailure(cause);
}

export function driverErrorOf(error: unknown): DriverError | undefined {
  const cause: unknown = error instanceof QueryFailedError ? error.driverError : error;
  return isDriverError(cause) ? cause : undefined;
}

function isDriverError(error: unknown): error is DriverError {
  return error instanceof Error && ('sqlState' in error || 'fatal' in error);
}
