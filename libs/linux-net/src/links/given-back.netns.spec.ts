import { floatingIp, v4Of } from '@novanet/host-plan/testing';
import { parseDeviceName } from '@novanet/net-address';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { TestHost } from '../../test/test-host.js';

const [eth1, br300] = [parseDeviceName('eth1'), parseDeviceName('br300')];

let host: TestHost;
beforeEach(async () => {
  host = await TestHost.create();
});
afterEach(() => host.remove());

async function linkText(device: string): Promise<string> {
  return (await host.run('ip', '-o', 'link', 'show', 'dev', device)).replaceAll(/\s+/g, ' ');
}

test('a bridge whose interface goes back does not keep its MAC, and has it again with the interface', async () => {
  await host.converge([{}]);
  expect(await linkText('br100')).toContain('52:54:00:00:00:11');
  await host.converge([{ bridgeInterface: undefined }]);
  expect(await linkText('br100')).toContain('link/ether 02:');
  await host.converge([{}]);
  expect(await linkText('br100')).toContain('52:54:00:00:00:11');
});

test('a bridge whose network went to another one leaves it the MAC of that network', async () => {
  const [first, second] = [
    { bridgeInterface: undefined },
    { id: 2, uuid: 'second', bridgeInterface: undefined },
  ];
  const v4 = v4Of({}, '10.0.1.0/24');
  await host.converge([first]);
  const before = await linkText('br100');
  const swapped = [
    { ...first, bridge: br300 },
    { ...second, v4 },
  ];
  expect((await host.converge(swapped)).problems).toEqual([]);
  const macOf = (text: string) => /ether (\S+)/.exec(text)?.[1];
  expect(macOf(await linkText('br300'))).toBe(macOf(before));
  expect(macOf(await linkText('br100'))).not.toBe(macOf(before));
  expect(await host.converge(swapped)).toMatchObject({ changed: false });
});

test("an operator's bridge gets back its MTU, and the interface that we put in its addresses and routes", async () => {
  await host.ip(
    'link add br300 type bridge',
    'addr add 10.9.3.1/24 dev br300',
    'link set br300 up',
    'addr add 10.9.9.5/24 dev eth1',
    'route add 198.18.1.0/24 via 10.9.9.1 dev eth1',
  );
  const before = [await host.addresses('eth1'), await host.routes('eth1')];
  const { problems } = await host.converge([{ bridge: br300, mtu: 1400 }]);
  expect(problems).toEqual([]);
  expect(await linkText('br300')).toContain('mtu 1400');
  expect(await host.addresses('br300')).toEqual(['10.9.3.1/24', '10.9.9.5/24', '10.0.0.1/24']);
  await host.converge([]);
  expect(await linkText('br300')).toContain('mtu 1500');
  expect(await linkText('br300')).not.toContain('alias');
  expect(await linkText('eth1')).not.toContain('master');
  expect(await host.addresses('br300')).toEqual(['10.9.3.1/24']);
  expect([await host.addresses('eth1'), await host.routes('eth1')]).toEqual(before);
});

test("an interface that was in the operator's bridge before us stays in it", async () => {
  await host.ip('link add br300 type bridge', 'link set br300 up', 'link set eth1 master br300');
  await host.converge([{ bridge: br300 }]);
  await host.converge([{ bridge: br300, bridgeInterface: undefined }]);
  await host.converge([]);
  expect(await linkText('eth1')).toContain('master br300');
});

test('routes over an interface without addresses outlive the floating IPs that were on it', async () => {
  await host.ip(
    'route add 203.0.113.0/24 dev eth1',
    'route add 198.18.2.0/24 dev eth1 table 100',
    'route add 198.18.3.0/24 via 203.0.113.1 dev eth1',
  );
  const before = await host.routes('eth1');
  const floatingIps = [
    floatingIp('203.0.113.5', '10.0.0.3', eth1),
    floatingIp('203.0.113.6', '10.0.0.4', eth1),
  ];
  const networks = [{ bridgeInterface: undefined }];
  await host.converge(networks, {}, { floatingIps });
  const { problems } = await host.converge(networks);
  expect(problems).toEqual([]);
  expect(await host.addresses('eth1')).toEqual([]);
  expect(await host.routes('eth1')).toEqual(before);
});

test("an operator's routes over his bridge outlive the gateway address that was on it", async () => {
  await host.ip('link add br300 type bridge', 'link set br300 up', 'route add 198.18.2.0/24 dev br300');
  const network = { bridge: br300, bridgeInterface: undefined };
  await host.converge([network]);
  await host.converge([{ ...network, v4: v4Of({}, '10.0.1.0/24') }]);
  expect(await host.addresses('br300')).toEqual(['10.0.1.1/24']);
  await host.converge([]);
  expect(await host.routes('br300')).toEqual(['198.18.2.0/24 scope link']);
});

test('a route over two interfaces goes into their bridges and comes back with both at once', async () => {
  await host.ip(
    'addr add 10.9.9.5/24 dev eth1',
    'route add 198.18.4.0/24 nexthop via 10.9.9.1 dev eth1 weight 2 nexthop via 192.0.2.1 dev eth0',
  );
  const route = () => host.run('ip', 'route', 'show', '198.18.4.0/24');
  const before = await route();
  const second = {
    id: 2,
    bridge: br300,
    bridgeInterface: parseDeviceName('eth0'),
    v4: v4Of({}, '10.0.1.0/24'),
  };
  expect((await host.converge([{}, second])).problems).toEqual([]);
  expect(await route()).toBe(before.replace('eth1', 'br100').replace('eth0', 'br300'));
  expect((await host.converge([])).problems).toEqual([]);
  expect(await route()).toBe(before);
});
