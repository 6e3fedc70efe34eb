import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expectPing, inNamespace, TestNetwork } from '@novanet/testbed';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { VifInfo } from '../cloud/network-info.js';
import { ensureBridge } from './ensure-bridge.js';
import { bringUpInjected } from './injected-interfaces.js';
import { plugNic } from './plug.js';

let network: TestNetwork<'host' | 'vm' | 'far'>;
let folder: string;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'novanet-test-'));
  network = await TestNetwork.create(['host', 'vm', 'far']);
  await network.cable(
    { role: 'host', device: 'eth1' },
    { role: 'far', device: 'eth0', address: '10.0.0.1/24' },
  );
});
afterEach(async () => {
  await network.remove();
  rmSync(folder, { recursive: true, force: true });
});

function vif(
  dhcpServer: string | null,
  createsBridge: boolean,
  more: VifInfo['network']['meta'] = {},
): VifInfo {
  return {
    id: '8b0a2e5c-5d0f-4a38-9c7a-0f2a6d1f3c11',
    address: 'fa:16:3e:00:00:03',
    network: {
      id: '5d3ca0e0-5d0f-4a38-9c7a-0f2a6d1f3c11',
      label: 'private',
      bridge: 'br100',
      meta: { should_create_bridge: createsBridge, bridge_interface: 'eth1', ...more },
      subnets: [
        {
          cidr: '10.0.0.0/24',
          version: 4,
          gateway: { address: '10.0.0.1' },
          dns: [],
          ips: [{ address: '10.0.0.3' }],
          routes: [],
          meta: dhcpServer === null ? {} : { dhcp_server: dhcpServer },
        },
      ],
    },
  };
}

const place = () => ({
  hostNetns: network.netns('host'),
  instanceNetns: network.netns('vm'),
  instanceName: 'web1',
  folder,
});

function serveDhcp(): void {
  const [program = '', ...args] = inNamespace(network.netns('far'), [
    'dnsmasq',
    '--no-daemon',
    '--conf-file=/dev/null',
    '--port=0',
    '--leasefile-ro',
    '--dhcp-range=10.0.0.2,static,255.255.255.0,120s',
    '--dhcp-host=fa:16:3e:00:00:03,web1,10.0.0.3',
  ]);
  spawn(program, args, { stdio: 'ignore' });
}

describe('a NIC', () => {
  it('is plugged into a bridge that is made for it, and configured by DHCP', async () => {
    serveDhcp();
    const nic = await plugNic(vif('10.0.0.1', true), 'eth0', place());
    expect(nic.lease).toMatchObject({ address: '10.0.0.3', server: '10.0.0.1', leaseSeconds: 120 });
    await expectPing(network.netns('vm'), '10.0.0.1');
    const ports = JSON.parse(await network.run('host', ['ip', '-json', 'link', 'show', 'master', 'br100']));
    expect(ports.map(({ ifname }: { ifname: string }) => ifname).toSorted()).toEqual([
      'eth1',
      'tap8b0a2e5c-5d',
    ]);
  });

  it('is configured by the file in its image on a network without DHCP', async () => {
    await network.ip('host', 'link add br100 type bridge', 'link set br100 up', 'link set eth1 master br100');
    const injected = vif(null, false, { injected: true });
    const nic = await plugNic(injected, 'eth0', place());
    expect(nic.lease).toBeUndefined();
    await bringUpInjected([injected], { netns: network.netns('vm'), folder });
    await expectPing(network.netns('vm'), '10.0.0.1');
    expect(await network.run('vm', ['ip', 'route'])).toContain('default via 10.0.0.1 dev eth0');
    expect(readFileSync(join(folder, 'interfaces'), 'utf8')).toContain('iface eth0 inet static');
  });

  it('has no address where there is neither DHCP nor a file', async () => {
    await network.ip('host', 'link add br100 type bridge', 'link set br100 up');
    await plugNic(vif(null, false), 'eth0', place());
    await bringUpInjected([vif(null, false)], { netns: network.netns('vm'), folder });
    expect(await network.run('vm', ['ip', '-4', 'addr', 'show', 'eth0'])).toBe('');
  });

  it.each([
    { name: 'the operator', nic: vif(null, false) },
    { name: 'the worker of the host', nic: vif('10.0.0.1', true, { multi_host: true }) },
  ])('is not plugged in where the bridge is missing and $name is to make it', async ({ name, nic }) => {
    await expect(plugNic(nic, 'eth0', place())).rejects.toThrow(
      `there is no bridge br100 in ${network.netns('host')}, and ${name} is to make it.`,
    );
  });

  it('shares the bridge with one that is plugged in at the same moment', async () => {
    const bridges = await Promise.all(
      [1, 2, 3].map(() => ensureBridge(vif(null, true), network.netns('host'))),
    );
    expect(bridges).toEqual(['br100', 'br100', 'br100']);
    expect(await network.run('host', ['ip', 'link', 'show', 'master', 'br100'])).toContain('eth1');
  });

  it('is not plugged in on a VLAN that the kernel cannot reach', async () => {
    const nic = vif('10.0.0.1', true, { should_create_vlan: true, vlan: 100, bridge_interface: 'none' });
    await expect(plugNic(nic, 'eth0', place())).rejects.toThrow('serves network "private" on VLAN 100');
  });
});
