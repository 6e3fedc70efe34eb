import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommand, tryCommand } from '@novanet/testbed';
import { expect, it, onTestFinished } from 'vitest';
import type { GuestVif } from './guest-nics.js';
import { netplanDocument } from './netplan.js';
import { networkData } from './network-data.js';
import { manyNics, novaTwoNics } from './testing/guest-vif-fixture.js';

/** What netplan makes of the document for systemd-networkd, by NIC. */
async function networkdFiles(nics: readonly GuestVif[]): Promise<Readonly<Record<string, string>>> {
  const root = mkdtempSync(join(tmpdir(), 'novanet-test-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const folder = join(root, 'etc/netplan');
  mkdirSync(folder, { recursive: true });
  const file = join(folder, '50-nova.yaml');
  writeFileSync(file, JSON.stringify(netplanDocument(nics, { singleDefaultGateway: true })));
  chmodSync(file, 0o600);
  expect(await tryCommand(['netplan', 'generate', '--root-dir', root])).toEqual({
    exitCode: 0,
    stdout: '',
    stderr: '',
  });
  const made = join(root, 'run/systemd/network');
  const networks = readdirSync(made).filter((name) => name.endsWith('.network'));
  return Object.fromEntries(
    networks.map((name) => [
      /netplan-(.+)\.network/.exec(name)?.[1] ?? name,
      readFileSync(join(made, name), 'utf8'),
    ]),
  );
}

const convert = `
import json, sys
from cloudinit.sources.helpers.openstack import convert_net_json
data = json.load(sys.stdin)
macs = {link['ethernet_mac_address']: 'ens%d' % place for place, link in enumerate(data['links'])}
print(json.dumps(convert_net_json(data, known_macs=macs)))
`;

interface CloudInitConfig {
  readonly version: number;
  readonly config: readonly unknown[];
}

/** What cloud-init makes of network_data.json. */
async function cloudInitConfig(nics: readonly GuestVif[]): Promise<CloudInitConfig> {
  const input = JSON.stringify(networkData(nics, { singleDefaultGateway: true }));
  return JSON.parse(await runCommand(['/usr/bin/python3', '-c', convert], { input }));
}

it('netplan finds each NIC by its MAC, and takes the document without a complaint', async () => {
  const files = await networkdFiles(manyNics);
  expect(Object.keys(files).toSorted()).toEqual(['eth0', 'eth1', 'eth2', 'eth3']);
  for (const [index, { address }] of manyNics.entries()) {
    expect(files[`eth${index}`]).toContain(`PermanentMACAddress=${address}`);
  }
  expect(files['eth0']).toMatch(/Address=10.0.0.3\/24\nAddress=10.0.0.4\/24\n/);
  expect(files['eth0']).toMatch(/Destination=0.0.0.0\/0\nGateway=10.0.0.1\n/);
  expect(files['eth0']).toMatch(/Destination=192.168.9.0\/24\nGateway=10.0.0.254\n/);
  expect(files['eth1']).toMatch(/DHCP=ipv4\n[^]*IPv6AcceptRA=yes\n/);
  expect(files['eth2']).not.toContain('Destination=0.0.0.0/0');
  expect(files['eth3']).toMatch(/Address=fd03::f816:3eff:fe00:3\/64\nIPv6AcceptRA=no\n/);
});

it('cloud-init reads the addresses, routes and name servers of injected NICs', async () => {
  const { version, config } = await cloudInitConfig(novaTwoNics);
  const [first, second, ...services] = config;
  expect(version).toBe(1);
  expect(first).toEqual({
    type: 'physical',
    name: 'ens0',
    mac_address: 'fa:16:3e:00:00:00',
    mtu: null,
    'accept-ra': false,
    subnets: [
      {
        type: 'static',
        ipv4: true,
        address: '10.0.0.3',
        netmask: '255.255.255.0',
        routes: [{ network: '0.0.0.0', netmask: '0.0.0.0', gateway: '10.0.0.1' }],
      },
      {
        type: 'static6',
        ipv6: true,
        address: 'fd00::f816:3eff:fe00:0',
        netmask: 'ffff:ffff:ffff:ffff::',
        routes: [{ network: '::', netmask: '::', gateway: 'fd00::1' }],
      },
    ],
  });
  expect(second).toMatchObject({ name: 'ens1', subnets: [{ routes: [] }, { routes: [] }] });
  expect(services).toEqual([{ type: 'nameserver', address: '8.8.4.4' }]);
});

it('cloud-init asks DHCP and listens to router advertisements where the network service has them', async () => {
  const { config } = await cloudInitConfig(manyNics);
  expect(config[0]).toMatchObject({ mtu: 1450, subnets: [{ address: '10.0.0.3' }, { address: '10.0.0.4' }] });
  expect(config[1]).toMatchObject({
    mtu: null,
    subnets: [{ type: 'dhcp4' }, { type: 'static', address: '10.1.0.4' }, { type: 'ipv6_slaac' }],
  });
});
