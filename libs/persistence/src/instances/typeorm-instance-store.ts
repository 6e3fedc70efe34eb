import {
  InstanceStore,
  type Instance,
  type InstanceObservation,
  type NamedRegistration,
  type ObservedChange,
} from '@novanet/ipam';
import type { IpAddress } from '@novanet/net-address';
import type { EntityManager } from 'typeorm';
import type { Database } from '../database/database.js';
import { findHoldings } from '../fixed-ips/nic-queries.js';
import { FixedIpEntity } from '../schema/fixed-ip.entity.js';
import { InstanceEntity } from '../schema/instance.entity.js';
import { forgetDeletion, rememberDeletion } from './deleted-instances.js';
import { instanceRow, toInstance } from './instance-rows.js';
import { observeInstance } from './observe-instance.js';

export class TypeormInstanceStore extends InstanceStore {
  constructor(private readonly database: Database) {
    super();
  }

  put(registration: NamedRegistration): Promise<Instance> {
    const { uuid } = registration;
    return this.database.transaction(async (manager) => {
      await manager.upsert(InstanceEntity, instanceRow(registration), ['uuid']);
      return toInstance(await manager.findOneByOrFail(InstanceEntity, { uuid }));
    });
  }

  observe(observation: InstanceObservation): Promise<ObservedChange | undefined> {
    return this.database.transaction((manager) => observeInstance(manager, observation));
  }

  async setComputeId(uuid: string, computeId: number): Promise<void> {
    await this.database.run((manager) =>
      manager.query('UPDATE instances SET compute_id = ? WHERE uuid = ?', [computeId, uuid]),
    );
  }

  async find(uuid: string): Promise<Instance | undefined> {
    const row = await this.database.run((manager) => manager.findOneBy(InstanceEntity, { uuid }));
    return row ? toInstance(row) : undefined;
  }

  async findByFixedAddress(address: IpAddress): Promise<Instance | undefined> {
    const row = await this.database.run((manager) =>
      manager
        .createQueryBuilder(InstanceEntity, 'instance')
        .innerJoin(FixedIpEntity, 'fixed', 'fixed.instanceUuid = instance.uuid')
        .where('fixed.address = :address AND fixed.isAllocated = 1', { address: address.toString() })
        .orderBy('fixed.id')
        .getOne(),
    );
    return row ? toInstance(row) : undefined;
  }

  removeUnlessHolding(uuid: string): Promise<readonly string[]> {
    return this.database.transaction(async (manager) => {
      // first of all: an observation that we cannot see yet will see this
      await rememberDeletion(manager, uuid);
      await manager.query('SELECT id FROM instances WHERE uuid = ? FOR UPDATE', [uuid]);
      const held = await heldBy(manager, uuid);
      if (held.length === 0) await manager.delete(InstanceEntity, { uuid });
      else await forgetDeletion(manager, uuid);
      return held;
    });
  }
}

async function heldBy(manager: EntityManager, uuid: string): Promise<string[]> {
  const holdings = await findHoldings(manager, uuid);
  return holdings.flatMap(({ vif, fixedIps }) =>
    fixedIps.length > 0 ? fixedIps.map(({ address }) => address.toString()) : [vif.mac.toString()],
  );
}
