import type { InstanceReference } from '@novanet/ipam';
import { versionedObject, type VersionedObject } from '../wire/versioned-object.js';

export interface InstanceObjectDict {
  readonly id: number;
  readonly uuid: string;
  readonly host: string | null;
  readonly project_id: string | null;
  readonly user_id: string | null;
}

/**
 * An instance as `refresh_instance_security_rules` of the compute service takes it (version 4.4 of its interface). What is
 * left out means "not loaded": the compute service knows the rest better.
 */
export function instanceObject(
  instance: InstanceReference & { readonly computeId: number },
): VersionedObject<InstanceObjectDict> {
  const { computeId: id, uuid, host, projectId, userId } = instance;
  return versionedObject('Instance', '2.1', { id, uuid, host, project_id: projectId, user_id: userId });
}
