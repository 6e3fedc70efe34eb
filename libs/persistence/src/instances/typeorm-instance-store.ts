import {
  InstanceStore,
  type Instance,
  type InstanceFilter,
  type InstanceObservation,
  type NamedRegistration,
  type ObservedChange,
  type PasswordOutcome,
} from '@novanet/ipam';
import { parseHostName, type HostName, type IpAddress, type Mac } from '@novanet/net-address';
import type { EntityManager } from 'typeorm';
import type { Database } from '../database/database.js';
import { findHoldings } from '../fixed-ips/nic-queries.js';
import { InstanceEntity } from '../schema/instance.entity.js';
import { forgetDeletion, rememberDeletion } from './deleted-instances.js';
import { instanceRow, toInstance } from './instance-rows.js';
import { listInstances } from './list-instances.js';
import { leavePassword, passwordOf } from './instance-password.js';
import { observeInstance } from './observe-instance.js';
import { findOwners } from './owner-queries.js';

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

  async list(filter: InstanceFilter): Promise<Instance[]> {
    const rows = await this.database.run((manager) => listInstances(manager, filter));
    return rows.map(toInstance);
  }

  async hosts(): Promise<HostName[]> {
    const rows = await this.database.run((manager) =>
      manager.query<{ host: string }[]>(
        `SELECT DISTINCT i.host FROM instances i
          WHERE i.host IS NOT NULL
            AND EXISTS (SELECT 1 FROM virtual_interfaces v WHERE v.instance_uuid = i.uuid)`,
      ),
    );
    return rows.map(({ host }) => parseHostName(host));
  }

  owners(places: readonly (IpAddress | Mac)[]): Promise<ReadonlyMap<string, string>> {
    return this.database.run((manager) => findOwners(manager, places));
  }

  password(uuid: string): Promise<string> {
    return this.database.run((manager) => passwordOf(manager, uuid));
  }

  leavePassword(uuid: string, password: string): Promise<PasswordOutcome> {
    return this.database.run((manager) => leavePassword(manager, uuid, password));
  }

  async clearPassword(uuid: string): Promise<void> {
    await this.database.run((manager) =>
      manager.query('UPDATE instances SET password = NULL WHERE uuid = ?', [uuid]),
    );
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
