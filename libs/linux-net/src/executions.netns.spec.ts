import type { NetworkIntent } from '@novanet/host-plan';
import { dhcpHost, floatingIp } from '@novanet/host-plan/testing';
import { Ipv4, Ipv4Cidr, parseDeviceName } from '@novanet/net-address';
import { waitFor } from '@novanet/testbed';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { filteredInstance, filtersOf } from '../test/filtered-instance.js';
import { type Carried, TestHost } from '../test/test-host.js';
import { HostWatch, LinuxHost } from './index.js';

const [F1, F2] = ['203.0.113.5', '203.0.113.6'];
const VMS = Array.from({ length: 200 }, (_, index) => {
  const number = index + 2;
  return dhcpHost(
    `fa:16:3e:00:00:${number.toString(16).padStart(2, '0')}`,
    `10.0.0.${number}`,
    `vm-${number}`,
  );
});
const A = '10.0.0.2';

const READ_ALL = 'ip -json -details -batch -';
const READ_LINKS = 'ip -json -details addr show';
const CHANGE_LINKS = 'ip -batch - -json -details';
const READ_RULES = 'iptables-save';
const CHANGE_RULES = 'iptables-restore --noflush -w 5';

let host: TestHost;
let watch: HostWatch;
beforeEach(async () => {
  host = await TestHost.create();
  watch = await watchOver(host);
});
afterEach(async () => {
  await watch.stop();
  await host.remove();
});

/** As a worker does that has just started. */
async function watchOver({ linux, runner }: TestHost): Promise<HostWatch> {
  const one = new HostWatch({
    host: linux,
    runner,
    mend: () => Promise.resolve(),
    log: { warn: () => undefined },
  });
  await one.start();
  return one;
}

/** The programs that this converge ran: how each begins, in their order. */
async function programsOf(
  networks: readonly Partial<NetworkIntent>[],
  carried: Carried = {},
  isLook = false,
): Promise<string[]> {
  host.runner.lines.splice(0);
  const report = await watch.converge(host.plan(networks, {}, carried), isLook);
  expect(report.problems).toEqual([]);
  const lines = host.runner.lines.splice(0);
  expect(report.commands).toBe(lines.length);
  return lines.map((line) => (line.startsWith('env ') ? 'dnsmasq' : line));
}

const network = (hosts: readonly ReturnType<typeof dhcpHost>[] = VMS.slice(0, 3)) => [{ dhcpHosts: hosts }];
const carrying = (...addresses: readonly string[]) => ({
  floatingIps: addresses.map((address) => floatingIp(address, A)),
});
const many = (count: number) => Array.from({ length: count }, (_, index) => `198.51.100.${index}`);

/** What was said of the host by now was heard. */
const heard = (carried: Carried = carrying(F1)) =>
  waitFor(async () => (await programsOf(network(), carried)).length === 0, {
    limitMs: 5000,
    what: 'nothing is in doubt any more',
  });

const flat = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    id: index + 1,
    bridge: parseDeviceName(`br10${index}`),
    bridgeInterface: parseDeviceName(`eth1${index}`),
    v4: {
      cidr: Ipv4Cidr.parse(`10.0.${index}.0/24`),
      gateway: Ipv4.parse(`10.0.${index}.1`),
      dhcpServer: Ipv4.parse(`10.0.${index}.1`),
      dhcpStart: Ipv4.parse(`10.0.${index}.2`),
    },
    dhcpHosts: index === 0 ? VMS : [],
  }));

test.each([
  { networks: 1, floatingIps: 0 },
  { networks: 1, floatingIps: 1 },
  { networks: 4, floatingIps: 200 },
])('a cold start of $networks networks and $floatingIps floating IPs', async ({ networks, floatingIps }) => {
  for (let index = 0; index < networks; index += 1) {
    const wire = { role: 'wire', device: `far${index}` } as const;
    await host.network.cable({ role: 'host', device: `eth1${index}`, address: `10.9.${index}.5/24` }, wire);
  }
  await host.run('iptables', '-A', 'INPUT', '-i', 'eth9', '-j', 'ACCEPT');
  expect(await programsOf(flat(networks), carrying(...many(floatingIps)))).toEqual([
    ...[READ_ALL, READ_RULES].toSorted(),
    CHANGE_LINKS,
    CHANGE_RULES,
    floatingIps > 0 ? 'perl bind announce forget look' : 'perl look',
    ...flat(networks).map(() => 'dnsmasq'),
  ]);
});

test('another start of a host that is as planned', async () => {
  await programsOf(network(), carrying(F1));
  await watch.stop();
  host.linux = new LinuxHost(host.runner);
  watch = await watchOver(host);
  expect(await programsOf(network(), carrying(F1))).toEqual([READ_ALL, READ_RULES, 'perl look']);
});

test('on a steady host a converge runs what its change needs, and nothing to look', async () => {
  await programsOf(network(), carrying(F1));
  await heard();
  const again = await programsOf(network(), carrying(F1));
  const allocated = await programsOf(network(VMS.slice(0, 4)), carrying(F1));
  const deallocated = await programsOf(network(VMS.slice(0, 3)), carrying(F1));
  const associated = await programsOf(network(), carrying(F1, F2));
  const disassociated = await programsOf(network(), carrying(F1));
  const hundred = await programsOf(network(), carrying(F1, ...many(100)));
  const looked = await programsOf(network(), carrying(F1, ...many(100)), true);
  expect({ again, allocated, deallocated, associated, disassociated, hundred, looked }).toEqual({
    again: [],
    allocated: [],
    deallocated: [],
    associated: [CHANGE_RULES, 'perl bind announce forget'],
    disassociated: [CHANGE_LINKS, CHANGE_RULES, 'perl forget'],
    hundred: [CHANGE_RULES, 'perl bind announce forget'],
    looked: [READ_LINKS, READ_RULES].toSorted(),
  });
});

test.each([
  {
    what: 'an address',
    work: () => host.ip(`addr del ${F1}/32 dev eth0`),
    reads: [READ_LINKS],
    writes: ['perl bind announce forget'],
  },
  {
    what: 'a device',
    work: () => host.ip('link add tap9 type veth peer name vm9'),
    reads: [READ_LINKS],
    writes: [],
  },
  {
    what: 'a rule',
    work: () => host.run('iptables', '-F', 'nova-network-FORWARD'),
    reads: [READ_RULES],
    writes: [CHANGE_RULES],
  },
])('after somebody else changed $what, that is read again, once', async ({ work, reads, writes }) => {
  await programsOf(network(), carrying(F1));
  await heard();
  await work();
  const found: string[] = [];
  await waitFor(
    async () => {
      found.push(...(await programsOf(network(), carrying(F1))));
      return found.length > 0;
    },
    { limitMs: 5000, what: 'it was heard' },
  );
  expect(found).toEqual([...reads, ...writes]);
  await heard();
  expect(await programsOf(network(), carrying(F1))).toEqual([]);
});

test('instances that are not plugged in cost nothing', async () => {
  const filters = filtersOf(filteredInstance(1, 'tap1'), filteredInstance(2, 'tap2'));
  await heard(filters);
  const allocated = await programsOf(network(VMS.slice(0, 4)), filters);
  expect([allocated, await programsOf(network(), filters)]).toEqual([[], []]);
});

test('a port that is plugged in costs a look at devices and a change for each family that it is filtered in', async () => {
  const [first, second] = [filteredInstance(1, 'tap1'), filteredInstance(2, 'tap2')];
  const filters = filtersOf(first, second);
  await programsOf(network(), filters);
  const plugIn = async (role: 'vm1' | 'vm2', mac: string) => {
    await host.plug(role, mac);
    const found: string[] = [];
    const isFiltered = async () => {
      found.push(...(await programsOf(network(), filters)));
      return found.includes('ebtables-restore --noflush');
    };
    await waitFor(isFiltered, { limitMs: 5000, what: 'the port is filtered' });
    return found;
  };
  const [one, two] = [first, second].map(({ nics }) => String(nics[0]?.mac));
  await plugIn('vm1', one ?? '');
  // An ebtables that lists nothing does not say which variant it is, and so whether its changes are heard of.
  expect(await programsOf(network(), filters)).toEqual(['ebtables-save']);
  expect(await programsOf(network(), filters)).toEqual([]);
  expect(await plugIn('vm2', two ?? '')).toEqual([READ_LINKS, CHANGE_RULES, 'ebtables-restore --noflush']);
});
