import type { PasswordOutcome } from '@novanet/ipam';
import type { EntityManager } from 'typeorm';
import type { WriteResult } from '../database/write-result.js';

interface PasswordRow {
  readonly password: string | null;
}

/** Empty: there is none. */
export async function passwordOf(manager: EntityManager, uuid: string): Promise<string> {
  return (await find(manager, uuid))?.password ?? '';
}

/** The first one stays: who comes second, also with the same one again, is told so. */
export async function leavePassword(
  manager: EntityManager,
  uuid: string,
  password: string,
): Promise<PasswordOutcome> {
  const { affectedRows } = await manager.query<WriteResult>(
    "UPDATE instances SET password = ? WHERE uuid = ? AND (password IS NULL OR password = '')",
    [password, uuid],
  );
  if (affectedRows === 1) return 'stored';
  return (await find(manager, uuid)) ? 'taken' : 'unknown-instance';
}

async function find(manager: EntityManager, uuid: string): Promise<PasswordRow | undefined> {
  const [row] = await manager.query<PasswordRow[]>('SELECT password FROM instances WHERE uuid = ?', [uuid]);
  return row;
}
