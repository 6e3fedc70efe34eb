import { defaultHostname, type InstanceObservation, type ObservedChange } from '@novanet/ipam';
import { parseHostName } from '@novanet/net-address';
import type { EntityManager } from 'typeorm';
import { duplicateKeyOf } from '../database/driver-error.js';
import { InstanceEntity } from '../schema/instance.entity.js';
import { isDeletionRemembered } from './deleted-instances.js';
import { observedRow } from './instance-rows.js';

interface KnownInstance {
  readonly host: string | null;
  readonly hostname: string;
  readonly isRegistered: number;
  readonly isOutdated: number | null;
  /** Now at the latest: a publisher whose clock is ahead must not silence everybody else until then. */
  readonly observedAt: Date;
}

export async function observeInstance(
  manager: EntityManager,
  observation: InstanceObservation,
): Promise<ObservedChange | undefined> {
  const { uuid, isBirth, facts } = observation;
  const known = await lockKnown(manager, observation);
  if (!known) {
    const isBorn = isBirth && (await insertInstance(manager, uuid));
    return isBorn ? observeInstance(manager, observation) : undefined;
  }
  if (known.isOutdated === 1) return undefined;
  const row = { ...observedRow(facts, known.isRegistered === 1), observedAt: known.observedAt };
  await manager.update(InstanceEntity, { uuid }, row);
  const hostBefore = known.host === null ? null : parseHostName(known.host);
  const hostAfter = facts.host === undefined ? hostBefore : facts.host;
  // who was expected there is there
  if (hostAfter !== hostBefore) {
    await manager.query('DELETE FROM expected_instances WHERE instance_uuid = ? AND host = ?', [
      uuid,
      hostAfter,
    ]);
  }
  const isRenamed = facts.hostname !== undefined && facts.hostname !== known.hostname;
  return { hostBefore, hostAfter, isRenamed };
}

async function lockKnown(
  manager: EntityManager,
  { uuid, observedAt }: InstanceObservation,
): Promise<KnownInstance | undefined> {
  const [known] = await manager.query<KnownInstance[]>(
    `SELECT host, hostname, is_registered AS isRegistered, observed_at > ? AS isOutdated,
            LEAST(CAST(? AS DATETIME(3)), CURRENT_TIMESTAMP(3)) AS observedAt
       FROM instances WHERE uuid = ? FOR UPDATE`,
    [observedAt, observedAt, uuid],
  );
  return known;
}

/**
 * False for an instance that was deleted. Written before the deletion is looked for, while a deletion is written before
 * the instance is looked for: of the two at once, at least one sees the other.
 */
async function insertInstance(manager: EntityManager, uuid: string): Promise<boolean> {
  try {
    await manager.query(
      "INSERT INTO instances (uuid, hostname, meta, security_groups) VALUES (?, ?, '{}', '[]')",
      [uuid, defaultHostname(uuid)],
    );
  } catch (error) {
    if (duplicateKeyOf(error) !== 'uniq_instances_uuid') throw error;
    return true;
  }
  if (!(await isDeletionRemembered(manager, uuid))) return true;
  await manager.query('DELETE FROM instances WHERE uuid = ?', [uuid]);
  return false;
}
