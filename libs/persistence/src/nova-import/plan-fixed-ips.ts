import { namedAddresses, type FixedIpRole } from '@novanet/ipam';
import { Mac, parseHostName, parseIp, tryParseHostName, type IpAddress } from '@novanet/net-address';
import type { ImportNotes } from './import-report.js';
import {
  keyOf,
  type AddressKey,
  type FixedIpImport,
  type FixedIpValues,
  type NicValues,
} from './import-rows.js';
import type { NovaFixedIp, NovaInstance, NovaNic } from './nova-records.js';
import type { ImportedNetwork } from './plan-networks.js';
import { attempt, Unfit } from './readings.js';

export interface FixedIpsPlan {
  readonly rows: readonly FixedIpImport[];
  /** What instances hold after the import, by nova's number. */
  readonly held: ReadonlyMap<number, AddressKey>;
}

/** What addresses refer to. */
export interface AddressSurroundings {
  /** By nova's number. */
  readonly networks: ReadonlyMap<number, ImportedNetwork>;
  /** By uuid. */
  readonly instances: ReadonlyMap<string, NovaInstance>;
  /** Those that are here after the import, by nova's number. */
  readonly nics: ReadonlyMap<number, NicValues>;
  /** All, those that were deleted too. */
  readonly nicRecords: readonly NovaNic[];
}

/** Whether an instance that lives has the address. */
export function isHeld(
  { allocated, instance_uuid: uuid }: NovaFixedIp,
  instances: AddressSurroundings['instances'],
): boolean {
  return allocated === 1 && instances.get(uuid ?? '')?.deleted === 0;
}

export function planFixedIps(
  records: readonly NovaFixedIp[],
  surroundings: AddressSurroundings,
  known: readonly FixedIpValues[],
  notes: ImportNotes,
): FixedIpsPlan {
  return new FixedIpsPlanner(surroundings, known, notes).plan(records);
}

class FixedIpsPlanner {
  private readonly rows: FixedIpImport[] = [];
  private readonly held = new Map<number, AddressKey>();
  private readonly seen = new Set<string>();
  private readonly known: ReadonlyMap<string, FixedIpValues>;
  /** "network host" → the address that the host has there. */
  private readonly ofHosts: Map<string, string>;
  private readonly nicByPlace: ReadonlyMap<string, NicValues>;
  private readonly macs: ReadonlyMap<number, string | null>;

  constructor(
    private readonly surroundings: AddressSurroundings,
    known: readonly FixedIpValues[],
    private readonly notes: ImportNotes,
  ) {
    this.known = new Map(known.map((values) => [keyOf(values.networkUuid, values.address), values]));
    this.ofHosts = new Map(
      known.flatMap(({ networkUuid, host, address }) =>
        host === null ? [] : [[keyOf(networkUuid, host), address]],
      ),
    );
    const nics = [...surroundings.nics.values()];
    this.nicByPlace = new Map(nics.map((nic) => [keyOf(nic.instanceUuid, nic.networkUuid), nic]));
    this.macs = new Map(surroundings.nicRecords.map(({ id, address }) => [id, address]));
  }

  plan(records: readonly NovaFixedIp[]): FixedIpsPlan {
    this.notes.read('fixed_ips', records.length);
    for (const record of records) {
      const attempted = attempt(() => this.fixedIp(record));
      if ('reason' in attempted) {
        const losesAddress = isHeld(record, this.surroundings.instances);
        this.notes.problem('fixed_ips', record.id, attempted.reason, { losesAddress });
      } else if (attempted.value) {
        this.take(record.id, attempted.value);
      }
    }
    for (const [novaId, network] of this.surroundings.networks) this.nameAddresses(novaId, network);
    return { rows: this.rows, held: this.held };
  }

  /** Undefined for an address that is free. Throws {@link Unfit}, InvalidAddressText. */
  private fixedIp(record: NovaFixedIp): FixedIpImport | undefined {
    const network = this.surroundings.networks.get(record.network_id ?? 0);
    if (!network) throw new Unfit(`its network ${record.network_id} is not there, or cannot be imported`);
    const address = parseIp(record.address ?? '');
    if (!network.subnets.some(({ cidr }) => cidr.contains(address))) {
      throw new Unfit(`${address.toString()} lies outside of its network ${network.draft.uuid}`);
    }
    if (record.instance_uuid === null && record.host !== null)
      return this.hostAddress(record.host, network, address);
    if (isHeld(record, this.surroundings.instances)) return this.heldAddress(record, network, address);
    if (record.allocated === 1) this.noteLeftOver(record, address);
    return record.leased === 1 ? this.drainingAddress(record, network, address) : undefined;
  }

  private noteLeftOver({ id, instance_uuid: uuid }: NovaFixedIp, address: IpAddress): void {
    const whose = uuid === null ? 'no instance' : `instance ${uuid}, which is gone`;
    this.notes.problem('fixed_ips', id, `${address.toString()} is allocated to ${whose}: it becomes free`);
  }

  private hostAddress(host: string, { draft }: ImportedNetwork, address: IpAddress): FixedIpImport {
    const text = address.toString();
    if (!draft.isMultiHost || draft.shareAddress) {
      throw new Unfit(`${text} is host ${host}'s own, in a network whose hosts have none`);
    }
    const other = this.ofHosts.get(keyOf(draft.uuid, parseHostName(host)));
    if (other !== undefined && other !== text) throw new Unfit(`host ${host} has ${other} there already`);
    this.ofHosts.set(keyOf(draft.uuid, host), text);
    const nobody = { nicUuid: null, instanceUuid: null, isAllocated: false };
    return { values: { networkUuid: draft.uuid, address: text, role: 'dhcp', host, ...nobody }, lease: null };
  }

  private heldAddress(record: NovaFixedIp, network: ImportedNetwork, address: IpAddress): FixedIpImport {
    const { uuid: networkUuid } = network.draft;
    const instanceUuid = (record.instance_uuid ?? '').toLowerCase();
    const named = this.surroundings.nics.get(record.virtual_interface_id ?? 0);
    const isOwn = named?.instanceUuid === instanceUuid && named.networkUuid === networkUuid;
    const nic = isOwn ? named : this.nicByPlace.get(keyOf(instanceUuid, networkUuid));
    if (!nic) {
      throw new Unfit(
        `${address.toString()} of instance ${instanceUuid} has no virtual interface that can be imported`,
      );
    }
    const role = roleOf(network, address);
    if (record.reserved === 1 && role === 'instance') {
      this.notes.problem(
        'fixed_ips',
        record.id,
        `${address.toString()} is reserved beside being allocated: given back, it will be free`,
      );
    }
    const instance = { nicUuid: nic.uuid, instanceUuid, host: null, isAllocated: true };
    const lease = record.leased === 1 ? { mac: nic.mac, host: this.servingHost(record, network) } : null;
    return { values: { networkUuid, address: address.toString(), role, ...instance }, lease };
  }

  /** Given back, with a lease that still runs. */
  private drainingAddress(record: NovaFixedIp, network: ImportedNetwork, address: IpAddress): FixedIpImport {
    const mac = Mac.tryParse(this.macs.get(record.virtual_interface_id ?? 0) ?? '')?.toString() ?? null;
    return {
      values: {
        networkUuid: network.draft.uuid,
        address: address.toString(),
        role: roleOf(network, address),
        nicUuid: null,
        instanceUuid: record.instance_uuid?.toLowerCase() ?? null,
        host: null,
        isAllocated: false,
      },
      lease: { mac, host: this.servingHost(record, network) },
    };
  }

  private servingHost({ instance_uuid: uuid }: NovaFixedIp, network: ImportedNetwork): string | null {
    if (!network.draft.isMultiHost) return network.host;
    return tryParseHostName(this.surroundings.instances.get(uuid ?? '')?.host) ?? null;
  }

  /** Router, DHCP and VPN server, and what nova gives to nobody. */
  private nameAddresses(novaId: number, { draft }: ImportedNetwork): void {
    for (const subnet of draft.subnets) {
      for (const { address, role } of namedAddresses(subnet, draft.vpnPrivateAddress)) {
        const values = { networkUuid: draft.uuid, address: address.toString(), role };
        const nobody = { nicUuid: null, instanceUuid: null, host: null, isAllocated: false };
        if (this.seen.has(keyOf(values.networkUuid, values.address))) continue;
        this.add(`network ${novaId}`, { values: { ...values, ...nobody }, lease: null });
      }
    }
  }

  private take(novaId: number, row: FixedIpImport): void {
    const { networkUuid, address } = row.values;
    if (this.seen.has(keyOf(networkUuid, address))) {
      this.notes.problem('fixed_ips', novaId, `${address} has another row in the same network`, {
        losesAddress: row.values.isAllocated,
      });
      return;
    }
    if (this.add(novaId, row) && row.values.isAllocated) this.held.set(novaId, { networkUuid, address });
  }

  private add(novaRow: number | string, row: FixedIpImport): boolean {
    const { values } = row;
    const key = keyOf(values.networkUuid, values.address);
    this.seen.add(key);
    const outcome = this.notes.compare('fixed_ips', novaRow, values, this.known.get(key), values.isAllocated);
    if (outcome === 'new') this.rows.push(row);
    return outcome !== 'different';
  }
}

function roleOf({ draft }: ImportedNetwork, address: IpAddress): FixedIpRole {
  return draft.vpnPrivateAddress?.equals(address) ? 'vpn' : 'instance';
}
