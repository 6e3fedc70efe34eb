import { DatabaseUnavailable, NoNetworksFound } from '@novanet/ipam';
import { QueryFailedError } from 'typeorm';
import { describe, expect, test } from 'vitest';
import {
  DatabaseFailure,
  duplicateKeyOf,
  isMissingParent,
  passingFailureOf,
  translated,
} from './driver-error.js';

/** As mysql2 makes it, and as TypeORM passes it on. */
function failed(properties: object, message = 'said by the server'): QueryFailedError {
  return new QueryFailedError(
    'SELECT 1',
    [],
    Object.assign(new Error(message), { sqlState: '', ...properties }),
  );
}

describe('a failed statement', () => {
  test.each([
    { name: 'a deadlock passes', error: failed({ code: 'ER_LOCK_DEADLOCK' }), failure: 'deadlock' },
    { name: 'a lock wait passes', error: failed({ code: 'ER_LOCK_WAIT_TIMEOUT' }), failure: 'lock-wait' },
    {
      name: 'a lost connection passes',
      error: failed({ code: 'PROTOCOL_CONNECTION_LOST', fatal: true }),
      failure: 'connection',
    },
    { name: 'a closed connection passes', error: failed({ fatal: true }), failure: 'connection' },
    {
      name: 'a stopping server passes',
      error: failed({ code: 'ER_SERVER_SHUTDOWN' }),
      failure: 'connection',
    },
    { name: 'a duplicate does not', error: failed({ code: 'ER_DUP_ENTRY' }), failure: undefined },
    { name: 'a refusal of the domain does not', error: new NoNetworksFound(), failure: undefined },
    {
      name: 'a file that is missing does not',
      error: Object.assign(new Error(), { code: 'ENOENT' }),
      failure: undefined,
    },
    { name: 'what is no error does not', error: 'text', failure: undefined },
  ])('$name', ({ error, failure }) => {
    expect(passingFailureOf(error)).toBe(failure);
  });

  test('names the key that was broken, in MariaDB’s words and in MySQL’s', () => {
    const mariadb = failed({ code: 'ER_DUP_ENTRY' }, "Duplicate entry '1-2' for key 'uniq_a'");
    const mysql = failed(
      { code: 'ER_DUP_ENTRY' },
      "Duplicate entry 'it''s for key 'x'' for key 'networks.uniq_a'",
    );
    expect([mariadb, mysql, failed({ code: 'ER_LOCK_DEADLOCK' })].map(duplicateKeyOf)).toEqual([
      'uniq_a',
      'uniq_a',
      undefined,
    ]);
  });

  test('knows a parent that is gone', () => {
    expect(isMissingParent(failed({ code: 'ER_NO_REFERENCED_ROW_2' }))).toBe(true);
    expect(isMissingParent(failed({ code: 'ER_DUP_ENTRY' }))).toBe(false);
  });

  test('becomes a domain error once, with its cause; other errors stay what they are', () => {
    const lost = failed({ code: 'PROTOCOL_CONNECTION_LOST', fatal: true });
    const wrong = failed({ code: 'ER_NO_SUCH_TABLE' });
    const refusal = new NoNetworksFound();
    expect(translated(lost)).toBeInstanceOf(DatabaseUnavailable);
    expect(translated(lost)).toMatchObject({ cause: lost.driverError });
    expect(translated(wrong)).toBeInstanceOf(DatabaseFailure);
    expect(translated(wrong)).toMatchObject({ kind: 'internal', cause: wrong.driverError });
    for (const error of [refusal, translated(lost), translated(wrong)]) expect(translated(error)).toBe(error);
  });
});
