import { FixedIpAlreadyInUse, NetworkChangeConflict, NetworkNotFound } from '../errors.js';
import { namedAddresses, type NamedAddress } from './named-addresses.js';
import type { Network, Subnet } from './network.js';
import type { NetworkChanges, NetworkTransaction, SubnetChanges } from './network-store.port.js';

/** What a network is changed beside. */
export interface RevisionScene {
  readonly others: readonly Network[];
  /** Whether an instance has a NIC or an address in it. */
  readonly isInUse: boolean;
}

/** What a network becomes. Pure: it may run more than once; it may throw, and nothing is changed. */
export type NetworkRevision = (network: Network, scene: RevisionScene) => Network;

/** A network before and after. */
export interface RevisedNetwork {
  readonly before: Network;
  readonly after: Network;
}

/** What a revision may change; who serves a network is changed in other ways. */
const KEYS = [
  'label',
  'projectId',
  'bridge',
  'bridgeInterface',
  'vlan',
  'vpnPublicAddress',
  'vpnPublicPort',
  'dns1',
  'dns2',
  'mtu',
  'priority',
] as const satisfies readonly (keyof NetworkChanges)[];

const SUBNET_KEYS = [
  'gateway',
  'dhcpServer',
  'dhcpStart',
] as const satisfies readonly (keyof SubnetChanges)[];

/**
 * Carries out a revision, with the rows of the addresses that have a name. What it leaves as it is, is not written.
 * Throws what the revision throws, NetworkNotFound, DuplicateVlan; FixedIpAlreadyInUse, NetworkChangeConflict for an address that
 * somebody else has.
 */
export async function reviseNetwork(
  transaction: NetworkTransaction,
  networkId: number,
  revise: NetworkRevision,
): Promise<RevisedNetwork> {
  await transaction.lockCreation();
  const before = await transaction.lock(networkId);
  if (!before) throw new NetworkNotFound(networkId);
  const others = (await transaction.list()).filter(({ id }) => id !== networkId);
  const wanted = revise(before, { others, isInUse: await transaction.isInUse(networkId) });
  const changes = differing(before, wanted, KEYS);
  if (Object.keys(changes).length > 0) await transaction.update(networkId, changes);
  for (const subnet of before.subnets) await reviseSubnet(transaction, before, wanted, subnet);
  return { before, after: (await transaction.lock(networkId)) ?? wanted };
}

/** The revision that takes another one back; what others changed meanwhile stays. */
export function takenBack({ before, after }: RevisedNetwork): NetworkRevision {
  return (network) => ({
    ...network,
    ...differing(after, before, KEYS),
    subnets: network.subnets.map((subnet) => {
      const [from, to] = [subnetIn(after, subnet), subnetIn(before, subnet)];
      return { ...subnet, ...(from && to && differing(from, to, SUBNET_KEYS)) };
    }),
  });
}

async function reviseSubnet(
  transaction: NetworkTransaction,
  before: Network,
  wanted: Network,
  subnet: Subnet,
): Promise<void> {
  const revised = subnetIn(wanted, subnet) ?? subnet;
  const changes = differing(subnet, revised, SUBNET_KEYS);
  if (Object.keys(changes).length === 0) return;
  const [old, now] = [namesIn(before, subnet), namesIn(before, revised)];
  const gone = old.filter(({ address }) => !now.some((named) => named.address.equals(address)));
  for (const { address } of gone) await transaction.freeAddress(subnet.id, address);
  for (const named of now.filter((one) => !old.some((known) => isSameName(known, one)))) {
    await nameAddress(transaction, before, subnet.id, named);
  }
  await transaction.updateSubnet(subnet.id, changes);
}

async function nameAddress(
  transaction: NetworkTransaction,
  { uuid }: Network,
  subnetId: number,
  named: NamedAddress,
): Promise<void> {
  const kept = await transaction.nameAddress(subnetId, named);
  if (!kept || (kept.role === named.role && kept.host === null)) return;
  const address = named.address.toString();
  if (kept.instanceUuid !== null) throw new FixedIpAlreadyInUse(address, kept.instanceUuid);
  const holder = kept.host === null ? `is one of role "${kept.role}"` : `is that of host ${kept.host}`;
  throw new NetworkChangeConflict(uuid, `address ${address} ${holder}`);
}

function namesIn({ vpnPrivateAddress }: Network, subnet: Subnet): NamedAddress[] {
  return namedAddresses({ ...subnet, reserved: [] }, vpnPrivateAddress);
}

function isSameName(one: NamedAddress, other: NamedAddress): boolean {
  return one.role === other.role && one.address.equals(other.address);
}

function subnetIn(network: Network, { id }: Subnet): Subnet | undefined {
  return network.subnets.find((subnet) => subnet.id === id);
}

/** Those of the keys that are not the same, as they are to be. */
function differing<Keys extends PropertyKey, Row extends Readonly<Record<Keys, unknown>>>(
  from: Row,
  to: Row,
  keys: readonly Keys[],
): Partial<Pick<Row, Keys>> {
  const changes: Partial<Pick<Row, Keys>> = {};
  for (const key of keys) if (String(from[key]) !== String(to[key])) changes[key] = to[key];
  return changes;
}
