import type { IpAddress } from '@novanet/net-address';
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
  /** Addresses that were kept for other use, and are the network's own now. */
  readonly reserved: readonly { readonly subnetId: number; readonly address: IpAddress }[];
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
  const reserved: RevisedNetwork['reserved'][number][] = [];
  for (const subnet of before.subnets) {
    const addresses = await reviseSubnet(transaction, before, wanted, subnet);
    reserved.push(...addresses.map((address) => ({ subnetId: subnet.id, address })));
  }
  return { before, after: (await transaction.lock(networkId)) ?? wanted, reserved };
}

/**
 * Takes a revision back, as if it had never been; what others changed meanwhile stays. Throws what {@link reviseNetwork}
 * throws.
 */
export async function takeBackRevision(
  transaction: NetworkTransaction,
  revised: RevisedNetwork,
): Promise<Network> {
  const { after } = await reviseNetwork(transaction, revised.after.id, takenBack(revised));
  const own = after.subnets.flatMap((subnet) => namesIn(after, subnet));
  for (const { subnetId, address } of revised.reserved) {
    if (own.some((named) => named.address.equals(address))) continue;
    await transaction.nameAddress(subnetId, { address, role: 'reserved' });
  }
  return after;
}

function takenBack({ before, after }: RevisedNetwork): NetworkRevision {
  return (network) => ({
    ...network,
    ...differing(after, before, sameIn(network, after, KEYS)),
    subnets: network.subnets.map((subnet) => {
      const [from, to] = [subnetIn(after, subnet), subnetIn(before, subnet)];
      return { ...subnet, ...(from && to && differing(from, to, sameIn(subnet, from, SUBNET_KEYS))) };
    }),
  });
}

/** Answers the addresses that were kept for other use until now. */
async function reviseSubnet(
  transaction: NetworkTransaction,
  before: Network,
  wanted: Network,
  subnet: Subnet,
): Promise<IpAddress[]> {
  const revised = subnetIn(wanted, subnet) ?? subnet;
  const changes = differing(subnet, revised, SUBNET_KEYS);
  if (Object.keys(changes).length === 0) return [];
  const [old, now] = [namesIn(before, subnet), namesIn(before, revised)];
  const gone = old.filter(({ address }) => !now.some((named) => named.address.equals(address)));
  for (const { address } of gone) await transaction.freeAddress(subnet.id, address);
  const reserved: IpAddress[] = [];
  for (const named of now.filter((one) => !old.some((known) => isSameName(known, one)))) {
    const wasKept = await nameAddress(transaction, before, subnet.id, named);
    const wasOwn = old.some(({ address }) => address.equals(named.address));
    if (wasKept && !wasOwn) reserved.push(named.address);
  }
  await transaction.updateSubnet(subnet.id, changes);
  return reserved;
}

/** Answers whether the address was kept from instances before. */
async function nameAddress(
  transaction: NetworkTransaction,
  { uuid }: Network,
  subnetId: number,
  named: NamedAddress,
): Promise<boolean> {
  const { row: kept, wasKept } = await transaction.nameAddress(subnetId, named);
  if (!kept || (kept.role === named.role && kept.host === null)) return wasKept;
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

function sameIn<Keys extends PropertyKey, Row extends Readonly<Record<Keys, unknown>>>(
  one: Row,
  other: Row,
  keys: readonly Keys[],
): Keys[] {
  return keys.filter((key) => String(one[key]) === String(other[key]));
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
