import {
  DuplicateVlan,
  InvalidInput,
  namedAddresses,
  type NamedAddress,
  type Network,
  type NetworkChanges,
  type NetworkDraft,
  type NetworkKeys,
  type NetworkTransaction,
  type SubnetChanges,
} from '@novanet/ipam';
import type { IpAddress } from '@novanet/net-address';
import type { EntityManager } from 'typeorm';
import { duplicateKeyOf } from '../database/driver-error.js';
import { limitOf, lockProjectQuota } from '../fixed-ips/quota-queries.js';
import { addressColumns } from '../fixed-ips/fixed-ip-rows.js';
import { FixedIpEntity } from '../schema/fixed-ip.entity.js';
import { NetworkEntity, SubnetCursorEntity, SubnetEntity } from '../schema/network.entity.js';
import { ProcessedRequestEntity } from '../schema/support.entity.js';
import { findNetworks, findNetworksBy, updateNetwork } from './network-queries.js';
import { freeAddress, nameAddress } from './named-address-queries.js';
import { networkRow, subnetRow, textsOf } from './network-rows.js';

/** nova's name of the resource in `quotas`. */
const RESOURCE = 'networks';

export class TypeormNetworkTransaction implements NetworkTransaction {
  constructor(private readonly manager: EntityManager) {}

  async lockCreation(): Promise<void> {
    await this.manager.query("SELECT name FROM mutexes WHERE name = 'create-networks' FOR UPDATE");
  }

  list(): Promise<Network[]> {
    return findNetworks(this.manager);
  }

  find(keys: NetworkKeys): Promise<Network[]> {
    return findNetworksBy(this.manager, keys);
  }

  /** A number of statements that depends neither on how many networks there are nor on how large. */
  async insert(drafts: readonly NetworkDraft[]): Promise<Network[]> {
    if (drafts.length === 0) return [];
    await this.insertNetworks(drafts);
    const uuids = drafts.map(({ uuid }) => uuid);
    const bare = await this.find({ uuids });
    const idOf = new Map(bare.map(({ uuid, id }) => [uuid, id]));
    const subnets = drafts.flatMap((draft) =>
      draft.subnets.map((subnet) => subnetRow(idOf.get(draft.uuid) ?? 0, subnet)),
    );
    if (subnets.length === 0) return bare;
    await this.manager.insert(SubnetEntity, subnets);
    const networks = await this.find({ uuids });
    await this.insertCursors(networks);
    await this.insertNamedAddresses(drafts, networks);
    return inOrderOf(uuids, networks);
  }

  private async insertNetworks(drafts: readonly NetworkDraft[]): Promise<void> {
    try {
      await this.manager.insert(NetworkEntity, drafts.map(networkRow));
    } catch (error) {
      const key = duplicateKeyOf(error);
      if (key === 'uniq_networks_vlan') throw new DuplicateVlan(await this.takenVlan(drafts));
      if (key === 'uniq_networks_uuid') throw new InvalidInput('a network with this uuid exists already');
      throw error;
    }
  }

  /** The first of the VLANs that is used, by a network or by an earlier draft. */
  private async takenVlan(drafts: readonly NetworkDraft[]): Promise<number> {
    const vlans = drafts.flatMap(({ vlan }) => vlan ?? []);
    const [taken] = await findNetworks(this.manager, { column: 'vlan', values: vlans });
    return taken?.vlan ?? vlans.find((vlan, index) => vlans.indexOf(vlan) !== index) ?? 0;
  }

  private async insertCursors(networks: readonly Network[]): Promise<void> {
    const cursors = networks.flatMap(({ subnets }) =>
      subnets.map(({ id }) => ({ subnetId: id, nextOffset: '0' })),
    );
    await this.manager.insert(SubnetCursorEntity, cursors);
  }

  private async insertNamedAddresses(
    drafts: readonly NetworkDraft[],
    networks: readonly Network[],
  ): Promise<void> {
    const rows = drafts.flatMap((draft) => {
      const network = networks.find(({ uuid }) => uuid === draft.uuid);
      return draft.subnets.flatMap((subnet) => {
        const subnetId = network?.subnets.find(({ cidr }) => cidr.equals(subnet.cidr))?.id ?? 0;
        const named = namedAddresses(subnet, draft.vpnPrivateAddress);
        return named.map(({ address, role }) => ({ subnetId, role, ...addressColumns(address) }));
      });
    });
    if (rows.length > 0) await this.manager.insert(FixedIpEntity, rows);
  }

  networkLimitOf(projectId: string): Promise<number | undefined> {
    return limitOf(this.manager, projectId, RESOURCE);
  }

  async lockProject(projectId: string): Promise<void> {
    await lockProjectQuota(this.manager, projectId, RESOURCE);
  }

  async lockFree(): Promise<Network | undefined> {
    const first = async (how: string) => {
      const [row] = await this.manager.query<{ id: number }[]>(
        `SELECT id FROM networks WHERE project_id IS NULL ORDER BY id LIMIT 1 FOR UPDATE ${how}`,
      );
      return row?.id;
    };
    const id = (await first('SKIP LOCKED')) ?? (await first(''));
    const [network] = id === undefined ? [] : await this.find({ ids: [id] });
    return network;
  }

  async update(networkId: number, changes: NetworkChanges): Promise<void> {
    await updateNetwork(this.manager, networkId, changes);
  }

  async updateSubnet(subnetId: number, { gateway, dhcpServer, dhcpStart }: SubnetChanges): Promise<void> {
    const changes = textsOf({ gateway, dhcpServer, dhcpStart });
    await this.manager.update(SubnetEntity, { id: subnetId }, changes);
    // To callers a subnet is a part of its network.
    await this.manager.query(
      'UPDATE networks SET updated_at = CURRENT_TIMESTAMP(6) WHERE id = (SELECT network_id FROM subnets WHERE id = ?)',
      [subnetId],
    );
  }

  nameAddress(subnetId: number, named: NamedAddress): ReturnType<NetworkTransaction['nameAddress']> {
    return nameAddress(this.manager, subnetId, named);
  }

  async freeAddress(subnetId: number, address: IpAddress): Promise<void> {
    await freeAddress(this.manager, subnetId, address);
  }

  async lock(networkId: number): Promise<Network | undefined> {
    await this.manager.query('SELECT id FROM networks WHERE id = ? FOR UPDATE', [networkId]);
    const [network] = await this.find({ ids: [networkId] });
    return network;
  }

  async isInUse(networkId: number): Promise<boolean> {
    const [row] = await this.manager.query<{ used: number }[]>(
      `SELECT EXISTS (SELECT 1 FROM virtual_interfaces WHERE network_id = ?)
           OR EXISTS (SELECT 1 FROM fixed_ips f JOIN subnets s ON s.id = f.subnet_id
                      WHERE s.network_id = ? AND f.allocated = 1) AS used`,
      [networkId, networkId],
    );
    return row?.used === 1;
  }

  async delete(networkId: number): Promise<void> {
    await this.manager.delete(NetworkEntity, { id: networkId });
  }

  async recall(requestId: string): Promise<readonly number[] | undefined> {
    const request = await this.manager.findOneBy(ProcessedRequestEntity, { uniqueId: requestId });
    return request ? networkIdsIn(request.reply) : undefined;
  }

  async remember(requestId: string, networkIds: readonly number[]): Promise<void> {
    await this.manager.insert(ProcessedRequestEntity, {
      uniqueId: requestId,
      reply: JSON.stringify({ networkIds }),
    });
  }
}

function networkIdsIn(reply: string): readonly number[] {
  const parsed: unknown = JSON.parse(reply);
  const isReply = typeof parsed === 'object' && parsed !== null && 'networkIds' in parsed;
  return isReply && Array.isArray(parsed.networkIds) ? parsed.networkIds.map(Number) : [];
}

function inOrderOf(uuids: readonly string[], networks: readonly Network[]): Network[] {
  return uuids.flatMap((uuid) => networks.filter((network) => network.uuid === uuid));
}
