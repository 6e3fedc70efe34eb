import { InstanceNotFound, type Instance } from '@novanet/ipam';
import { isUUID } from 'class-validator';
import type { Requester } from '../auth/requester.js';
import type { CloudDatabase } from '../database/cloud-database.js';

/** Throws InstanceNotFound, also for one of another project. */
export async function visibleInstance(
  database: Pick<CloudDatabase, 'instances'>,
  by: Requester,
  id: string,
): Promise<Instance> {
  const instance = isUUID(id) ? await database.instances.find(id.toLowerCase()) : undefined;
  if (!instance || !isVisible(instance, by)) throw new InstanceNotFound(id);
  return instance;
}

function isVisible({ projectId }: Instance, by: Requester): boolean {
  return by.isAdmin || (projectId !== null && projectId === by.projectId);
}
