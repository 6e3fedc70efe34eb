import type {
  AllocationRequest,
  FixedIpLedger,
  InstanceIdentity,
  InstanceRegistration,
  Network,
  NetworkDraft,
  Nic,
  SubnetDraft,
} from '@novanet/ipam';
import { networkDraft } from '@novanet/ipam/testing';
import { Ipv4, Ipv4Cidr, Ipv6, Ipv6Cidr, parseHostName } from '@novanet/net-address';
import { randomUUID } from 'node:crypto';
import type { Ipam } from '../create-ipam.js';

export const ip = (text: string) => Ipv4.parse(text);
export const host = (text: string) => parseHostName(text);

/** As nova carves it: gateway and DHCP server at .1, everything between them and the broadcast address in the pool. */
export function subnet4(cidrText: string, over: Partial<SubnetDraft<4>> = {}): SubnetDraft<4> {
  const cidr = Ipv4Cidr.parse(cidrText);
  const gateway = cidr.at(1);
  const pool = { first: cidr.at(2), last: cidr.last.plus(-1) };
  return {
    version: 4,
    cidr,
    gateway,
    dhcpServer: gateway,
    dhcpStart: pool.first,
    pool,
    reserved: [],
    ...over,
  };
}

export function subnet6(cidrText: string): SubnetDraft<6> {
  const cidr = Ipv6Cidr.parse(cidrText);
  return {
    version: 6,
    cidr,
    gateway: Ipv6.fromValue(cidr.at(1).value),
    dhcpServer: null,
    dhcpStart: null,
    pool: null,
    reserved: [],
  };
}

export { networkDraft };

/** One network with one IPv4 subnet. */
export async function createNetwork(
  { networks }: Pick<Ipam, 'networks'>,
  cidr: string,
  over: Partial<NetworkDraft> = {},
): Promise<Network> {
  const [network] = await networks.create(() => [networkDraft([subnet4(cidr)], over)]);
  if (!network) throw new Error('no network was created');
  return network;
}

export function someInstance(over: Partial<InstanceIdentity> = {}): InstanceIdentity {
  return { uuid: randomUUID(), projectId: null, host: null, ...over };
}

export function registration(over: Partial<InstanceRegistration> = {}): InstanceRegistration {
  return {
    uuid: randomUUID(),
    computeId: null,
    projectId: 'p1',
    userId: 'u1',
    host: host('compute1'),
    displayName: 'Web 1',
    hostname: 'web-1',
    availabilityZone: 'nova',
    launchIndex: 2,
    reservationId: 'r-abcd1234',
    instanceType: 'm1.small',
    amiId: 'ami-00000001',
    kernelId: null,
    ramdiskId: null,
    keyName: 'mykey',
    publicKey: 'ssh-rsa AAAA',
    userData: 'IyEvYmluL3NoCg==',
    meta: { role: 'web', ключ: '✓' },
    securityGroups: ['default', 'web'],
    ...over,
  };
}

/** What the instance has then in the networks asked for, in that order. */
export async function allocated(fixedIps: FixedIpLedger, request: AllocationRequest): Promise<Nic[]> {
  await fixedIps.allocate(request);
  const nics = await fixedIps.nicsOf(request.instance.uuid);
  const asked = new Set(request.nics.map(({ network }) => network.id));
  return [...asked].flatMap((id) => nics.find(({ network }) => network.id === id) ?? []);
}
