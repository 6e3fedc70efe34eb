import type { DhcpHostIntent } from '@novanet/host-plan';
import { dhcpHost } from '@novanet/host-plan/testing';
import { expectPing, waitFor } from '@novanet/testbed';
import { Mac } from '@novanet/net-address';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { filteredInstance, filtersOf } from '../../test/filtered-instance.js';
import { TestHost } from '../../test/test-host.js';
import { LinuxHost } from '../index.js';

let host: TestHost;
beforeEach(async () => {
  host = await TestHost.create();
});
afterEach(() => host.remove());

const TENTH = filteredInstance(10, 'tap2');
const BOTH = filtersOf(filteredInstance(1, 'tap1'), TENTH);

/** Instances 1 and 10 run, and are filtered. */
async function bootBoth(): Promise<void> {
  await host.converge();
  await host.plug('vm1', Mac.ofNova(1).toString());
  await host.plug('vm2', Mac.ofNova(10).toString());
  expect((await host.converge([{}], {}, BOTH)).problems).toEqual([]);
}

function packetsTo10(filterRules: string): number {
  return Number(/^\[(\d+):\d+\] -A nova-network-local .* -j nova-network-inst-10$/m.exec(filterRules)?.[1]);
}

/** The rules, with counters. */
const filterTable = () => host.run('iptables-save', '-c', '-t', 'filter');

test('a worker that starts leaves the filters of running instances as they are', async () => {
  await bootBoth();
  await host.network.ip('vm2', 'addr add 10.0.0.12/24 dev eth0');
  await expectPing(host.network.netns('host'), '10.0.0.12');
  const before = await filterTable();
  expect(packetsTo10(before)).toBeGreaterThan(0);
  host.linux = new LinuxHost(host.runner);
  host.takeWrites();
  expect(await host.converge([{}], {}, BOTH)).toMatchObject({ changed: false, problems: [] });
  expect(host.takeWrites()).toEqual([]);
  const after = await filterTable();
  const plain = (text: string) => text.replaceAll(/^#.*\n|\[\d+:\d+\]/gm, '');
  expect(plain(after)).toBe(plain(before));
  // A rule that was written anew would count from zero.
  expect(packetsTo10(after)).toBeGreaterThanOrEqual(packetsTo10(before));
});

test('packets between instances of a bridge pass through the filters again when somebody had switched that off', async () => {
  await bootBoth();
  const key = 'net.bridge.bridge-nf-call-iptables';
  await host.run('sysctl', '-q', '-w', `${key}=0`);
  const { changes, problems } = await host.converge([{}], {}, BOTH);
  expect({ changes, problems }).toEqual({ changes: [{ stage: 'sysctl', subjects: [key] }], problems: [] });
  expect(await host.run('sysctl', '-n', key)).toBe('1\n');
});

test('tagged hosts that hold leases are served on when an address comes back', async () => {
  const [first, second, heir] = [1, 2, 3].map((n) => ({
    ...dhcpHost(Mac.ofNova(n).toString(), n === 1 ? '10.0.0.3' : '10.0.0.4', `vm-${n}`),
    isFirstNic: false,
  }));
  const heldLeases = [{ ...first!, expiresAt: new Date(Date.now() + 3_600_000) }];
  const serve = (...dhcpHosts: readonly DhcpHostIntent[]) =>
    host.converge([{ dhcpHosts, heldLeases }], { usesSingleDefaultGateway: true });
  await serve(first!, second!);
  await host.plug('vm1', Mac.ofNova(1).toString());
  await host.plug('vm2', Mac.ofNova(2).toString());
  expect(await host.askForAddress('vm1')).toBe('10.0.0.3');
  expect(await host.askForAddress('vm2')).toBe('10.0.0.4');
  // An address that another had: all hosts must be read again, and the lease be told again.
  const told = async () => (await host.leaseEvents()).filter((event) => event.includes(' old ')).length;
  const before = await told();
  await serve(first!, heir!);
  await waitFor(async () => (await told()) > before, { limitMs: 5000, what: 'they were read again' });
  await host.network.ip('vm2', `link set eth0 address ${heir!.mac.toString()}`);
  expect(await host.askForAddress('vm2', 1)).toBe('10.0.0.4');
  expect(await host.askForAddress('vm1', 1)).toBe('10.0.0.3');
  expect(await serve(first!, heir!)).toMatchObject({ changed: false });
});

test('where IPv6 is on, a network of IPv4 alone is served as everywhere', async () => {
  expect((await host.converge([{}], { usesIpv6: true })).problems).toEqual([]);
  expect(await host.addresses('br100')).toEqual(['10.0.0.1/24']);
});
