import { spawn } from 'node:child_process';
import type { HostSettings, NetworkIntent } from '@novanet/host-plan';
import { dhcpHost, v4Of } from '@novanet/host-plan/testing';
import { Ipv4, Ipv6, Ipv6Cidr } from '@novanet/net-address';
import { expectTcp, runCommand } from '@novanet/testbed';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { expectIpv6Routers, routerAddress } from '../test/ipv6-state.js';
import { type Role, TestHost } from '../test/test-host.js';

const MAC = 'fa:16:3e:00:00:01';
const LINK_LOCAL = 'fe80::f816:3eff:fe00:1';
const V6 = { cidr: Ipv6Cidr.parse('fd00::/64'), gateway: Ipv6.parse('fd00::1') };
const DUAL: Partial<NetworkIntent> = { v6: V6, dhcpHosts: [dhcpHost(MAC, '10.0.0.3', 'a')] };
const SERVICE_HERE: Partial<HostSettings> = { usesIpv6: true, metadataHost: Ipv4.parse('127.0.0.1') };

let host: TestHost;
beforeEach(async () => {
  host = await TestHost.create();
});
afterEach(() => host.remove());

const linkAddresses = () => host.run('ip', '-6', '-o', 'addr', 'show', 'dev', 'br100', 'scope', 'link');

/** Answers with the address it was asked from, as the metadata service sees it. */
function serve(role: Role, port = 8775): void {
  const script = `require('http').createServer((q, a) => a.end(q.socket.remoteAddress)).listen(${port})`;
  const argv = ['netns', 'exec', host.network.netns(role), process.execPath, '-e', script];
  spawn('ip', argv, { stdio: 'ignore' });
}

/** With the address that DHCP would give it: the client in these tests takes those of the link away. */
async function boot(): Promise<string> {
  await host.plug('vm1', MAC);
  await host.network.ip('vm1', 'addr add 10.0.0.3/24 dev eth0', 'route add 169.254.169.254/32 via 10.0.0.1');
  return host.network.netns('vm1');
}

/** Under which address somebody is seen who asks this one. */
async function seenAt(netns: string, address: string, port: number): Promise<string> {
  await expectTcp(netns, address, port);
  const script = `require('http').get({ host: '${address}', port: ${port} }, (answer) => answer.pipe(process.stdout))`;
  const seen = await runCommand([process.execPath, '-e', script], { netns });
  return seen.replace('::ffff:', '').replace(/%.*/, '');
}

/** Whether somebody answers within a second. */
const isAnswered = (netns: string, address: string, port: number) =>
  expectTcp(netns, address, port, 1000).then(
    () => true,
    () => false,
  );

describe('an instance of a host that lets nobody in', () => {
  let netns: string;
  beforeEach(async () => {
    await host.converge([DUAL], SERVICE_HERE);
    for (const program of ['iptables', 'ip6tables']) await host.run(program, '-P', 'INPUT', 'DROP');
    serve('host');
    netns = await boot();
    await expectIpv6Routers(netns, [await routerAddress(host.network.netns('host'), 'br100')]);
  });

  test('reaches its metadata over IPv4 and on its link, under its own address', async () => {
    expect(await seenAt(netns, '169.254.169.254', 80)).toBe('10.0.0.3');
    expect(await seenAt(netns, 'fe80::a9fe:a9fe%eth0', 80)).toBe(LINK_LOCAL);
  });

  test('reaches the service by no other address of the host', async () => {
    await expectTcp(netns, '169.254.169.254', 80);
    for (const [address, port] of [
      ['10.0.0.1', 8775],
      ['192.0.2.10', 8775],
      ['fd00::1', 8775],
      ['fd00::1', 80],
    ] as const) {
      await expect(isAnswered(netns, address, port), `${address} ${port}`).resolves.toBe(false);
    }
  });
});

test('the host says nothing under the address of the metadata that it was not asked', async () => {
  await host.converge([DUAL], SERVICE_HERE);
  await boot();
  serve('vm1', 8080);
  const netns = host.network.netns('host');
  expect(await seenAt(netns, `${LINK_LOCAL}%br100`, 8080)).not.toContain('a9fe');
});

test('where the service is elsewhere, the link has no address of metadata', async () => {
  const elsewhere = { usesIpv6: true, metadataHost: Ipv4.parse('192.0.2.1') };
  await host.converge([DUAL], SERVICE_HERE);
  expect(await linkAddresses()).toContain('fe80::a9fe:a9fe/128');
  await host.converge([DUAL], elsewhere);
  expect(await linkAddresses()).not.toContain('fe80::a9fe:a9fe/128');
  expect(await host.rules('nat', 'ip6tables-save')).not.toContainEqual(expect.stringContaining('-A'));
});

test('an instance of a network without router reaches a service elsewhere, and nothing else there', async () => {
  const isolated = { v4: v4Of({ gateway: undefined }), dhcpHosts: DUAL.dhcpHosts ?? [] };
  await host.converge([isolated], { metadataHost: Ipv4.parse('192.0.2.1') });
  await host.network.ip('outside', 'route add 10.0.0.0/24 via 192.0.2.10');
  for (const port of [8775, 8080]) serve('outside', port);
  const netns = await boot();
  expect(await seenAt(netns, '169.254.169.254', 80)).toBe('10.0.0.3');
  await host.network.ip('vm1', 'route add 192.0.2.1/32 via 10.0.0.1');
  await expect(isAnswered(netns, '192.0.2.1', 8080)).resolves.toBe(false);
});
