import { defaultHostname } from '@novanet/ipam';
import { Mac, tryParseHostName } from '@novanet/net-address';
import type { ImportNotes } from './import-report.js';
import {
  keyOf,
  type InstanceImport,
  type InstanceValues,
  type NicImport,
  type NicValues,
} from './import-rows.js';
import type { NovaInstance, NovaNic } from './nova-records.js';
import type { ImportedNetwork } from './plan-networks.js';
import { attempt, parseUuid, Unfit } from './readings.js';

export interface NicsPlan {
  readonly rows: readonly NicImport[];
  /** By nova's number; those only that are here after the import. */
  readonly nics: ReadonlyMap<number, NicValues>;
}

/** Where NICs belong. */
export interface NicSurroundings {
  /** By nova's number. */
  readonly networks: ReadonlyMap<number, ImportedNetwork>;
  /** By uuid. */
  readonly instances: ReadonlyMap<string, NovaInstance>;
}

export function planNics(
  records: readonly NovaNic[],
  surroundings: NicSurroundings,
  known: readonly NicValues[],
  notes: ImportNotes,
): NicsPlan {
  const live = records.filter(({ deleted }) => deleted === 0).toSorted(byAge);
  notes.read('virtual_interfaces', live.length);
  const taken = new Taken(known);
  const rows: NicImport[] = [];
  const nics = new Map<number, NicValues>();
  for (const record of live) {
    const attempted = attempt(() => {
      const values = nicValues(record, surroundings);
      taken.refuseConflict(values);
      return values;
    });
    if ('reason' in attempted) {
      notes.problem('virtual_interfaces', record.id, attempted.reason);
      continue;
    }
    const values = attempted.value;
    const outcome = notes.compare('virtual_interfaces', record.id, values, taken.byUuid.get(values.uuid));
    if (outcome === 'different') continue;
    if (outcome === 'new') rows.push({ values, createdAt: record.created_at });
    taken.add(values);
    nics.set(record.id, values);
  }
  return { rows, nics };
}

function byAge(one: NovaNic, other: NovaNic): number {
  return (one.created_at?.getTime() ?? 0) - (other.created_at?.getTime() ?? 0) || one.id - other.id;
}

/** Throws {@link Unfit}, InvalidAddressText. */
function nicValues(record: NovaNic, { networks, instances }: NicSurroundings): NicValues {
  const { address, network_id: networkId, instance_uuid: instanceUuid } = record;
  const instance = instances.get(instanceUuid ?? '');
  if (!instance) throw new Unfit(`belongs to no instance (${instanceUuid ?? 'none is named'})`);
  if (instance.deleted !== 0) throw new Unfit(`belongs to instance ${instance.uuid}, which was deleted`);
  const network = networks.get(networkId ?? 0);
  if (!network) throw new Unfit(`its network ${networkId} is not there, or cannot be imported`);
  return {
    uuid: parseUuid(record.uuid),
    mac: Mac.parse(address ?? '').toString(),
    networkUuid: network.draft.uuid,
    instanceUuid: instance.uuid.toLowerCase(),
  };
}

/** Who has which uuid, MAC and place already. */
class Taken {
  readonly byUuid = new Map<string, NicValues>();
  private readonly byMac = new Map<string, NicValues>();
  private readonly byPlace = new Map<string, NicValues>();

  constructor(known: readonly NicValues[]) {
    for (const values of known) this.add(values);
  }

  add(values: NicValues): void {
    this.byUuid.set(values.uuid, values);
    this.byMac.set(values.mac, values);
    this.byPlace.set(keyOf(values.instanceUuid, values.networkUuid), values);
  }

  /** Throws {@link Unfit}. */
  refuseConflict({ uuid, mac, instanceUuid, networkUuid }: NicValues): void {
    if (this.byUuid.has(uuid)) return;
    const [sameMac, samePlace] = [this.byMac.get(mac), this.byPlace.get(keyOf(instanceUuid, networkUuid))];
    if (sameMac) throw new Unfit(`has the MAC ${mac} of ${sameMac.uuid}`);
    if (samePlace) {
      throw new Unfit(`instance ${instanceUuid} has another in network ${networkUuid}: ${samePlace.uuid}`);
    }
  }
}

/** The instances that have a NIC after the import. */
export function planInstances(
  records: readonly NovaInstance[],
  {
    groupsOf,
    nics,
  }: { readonly groupsOf: ReadonlyMap<string, readonly string[]>; readonly nics: NicsPlan['nics'] },
  known: readonly InstanceValues[],
  notes: ImportNotes,
): InstanceImport[] {
  const holders = new Set([...nics.values()].map(({ instanceUuid }) => instanceUuid));
  const wanted = records.filter(({ uuid, deleted }) => deleted === 0 && holders.has(uuid.toLowerCase()));
  const knownByUuid = new Map(known.map((instance) => [instance.uuid, instance]));
  notes.read('instances', wanted.length);
  return wanted.flatMap((record) => {
    const values = instanceValues(record, groupsOf.get(record.uuid.toLowerCase()) ?? []);
    if (record.host !== null && values.host === null) {
      notes.problem('instances', record.id, `"${record.host}" cannot be the name of a host`);
    }
    const outcome = notes.compare('instances', record.id, values, knownByUuid.get(values.uuid));
    return outcome === 'new' ? [{ values, createdAt: record.created_at }] : [];
  });
}

function instanceValues(record: NovaInstance, groups: readonly string[]): InstanceValues {
  return {
    uuid: record.uuid.toLowerCase(),
    computeId: record.id,
    projectId: record.project_id,
    userId: record.user_id,
    host: tryParseHostName(record.host) ?? null,
    displayName: record.display_name,
    hostname: record.hostname || defaultHostname(record.uuid),
    availabilityZone: record.availability_zone,
    launchIndex: record.launch_index ?? 0,
    reservationId: record.reservation_id,
    instanceType: record.instance_type,
    amiId: ec2Id('ami', record.image_number),
    kernelId: ec2Id('aki', record.kernel_number),
    ramdiskId: ec2Id('ari', record.ramdisk_number),
    keyName: record.key_name,
    publicKey: record.key_data,
    userData: record.user_data,
    meta: JSON.stringify(record.meta),
    securityGroups: JSON.stringify(groups),
  };
}

function ec2Id(kind: string, number: number | null): string | null {
  return number === null ? null : `${kind}-${number.toString(16).padStart(8, '0')}`;
}
