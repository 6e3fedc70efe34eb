import type { InstanceFilter } from '@novanet/ipam';
import type { EntityManager } from 'typeorm';
import { InstanceEntity } from '../schema/instance.entity.js';

/** Newest first. */
export function listInstances(
  manager: EntityManager,
  { projectId, name, beforeId, limit }: InstanceFilter,
): Promise<InstanceEntity[]> {
  const query = manager.createQueryBuilder(InstanceEntity, 'i').orderBy('i.id', 'DESC').limit(limit);
  if (projectId !== undefined) query.andWhere('i.projectId = :projectId', { projectId });
  if (beforeId !== undefined) query.andWhere('i.id < :beforeId', { beforeId });
  if (name !== undefined) {
    const text = name.text.replace(/[\\%_]/g, '\\$&');
    const pattern = `${name.isBeginning ? '' : '%'}${text}${name.isEnd ? '' : '%'}`;
    query.andWhere('COALESCE(i.displayName, i.hostname) LIKE :pattern', { pattern });
  }
  return query.getMany();
}
