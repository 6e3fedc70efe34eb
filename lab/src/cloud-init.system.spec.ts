import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { CloudApi } from './cloud/api.js';
import { bootImage, type Firmware } from './testing/cloud-image.js';
import { lab } from './testing/run-lab.js';
import { TestCloud } from './testing/test-cloud.js';

const LAB = 'syscloudinit';
const KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJX8GKBUIvH4Ga487VTi2Mm3DqsETUCg4i/wNQVXvuX/ somebody';
const SCRIPT = '#!/bin/sh\necho "written by $(hostname)" > /root/written\n';

const OPENSTACK: Firmware = { productName: 'OpenStack Nova', uuid: 'd8e02d56-2648-49a3-bf97-6be8f1204f38' };
/** By which cloud-init takes a cloud for Amazon's, and asks for session tokens. */
const AMAZON: Firmware = { productName: 'm1.tiny', uuid: 'ec2f1e3a-1b2c-4d5e-8f90-123456789abc' };
const UNKNOWN: Firmware = { ...AMAZON, uuid: OPENSTACK.uuid };

/** What ifupdown is told of two NICs, the second with IPv6. */
const BY_OPENSTACK = `auto lo
iface lo inet loopback
    dns-nameservers 8.8.4.4

auto eth0
iface eth0 inet dhcp

auto eth1
iface eth1 inet dhcp

# control-alias eth1
iface eth1 inet6 auto
`;
/** IPv6 is left to the kernel, which heeds routers; `inet6 dhcp` would wait for a server that is not there. */
const BY_AMAZON = `auto lo
iface lo inet loopback

auto eth0
iface eth0 inet dhcp
    metric 100

auto eth1
iface eth1 inet dhcp
    metric 200
`;

let cloud: TestCloud;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'novanet-test-'));
  writeFileSync(join(folder, 'key.pub'), `${KEY}\n`);
  writeFileSync(join(folder, 'user-data'), SCRIPT);
  const config =
    '[DEFAULT]\nmetadata_tokens = required\nuse_single_default_gateway = true\nuse_ipv6 = true\n';
  writeFileSync(join(folder, 'lab.conf'), config);
  cloud = await TestCloud.up(LAB, '--config', join(folder, 'lab.conf'));
  const bridge = { bridge: 'br200', bridge_interface: 'eth2' };
  const second = { label: 'second', cidr: '10.1.0.0/24', cidr_v6: 'fd00:1::/64', ...bridge };
  await new CloudApi(cloud.status.api_url).createNetwork(second);
}, 180_000);
afterAll(async () => {
  await lab('down', '--lab', LAB);
  rmSync(folder, { recursive: true, force: true });
});

describe('an unmodified cloud image with two NICs', () => {
  it.concurrent.each([
    {
      name: 'openstack',
      what: 'OpenStack’s data source, where Amazon’s clients need tokens',
      datasource: 'OpenStack' as const,
      firmware: OPENSTACK,
      found: 'DataSourceOpenStackLocal [net,ver=2]',
      interfaces: BY_OPENSTACK,
      words: [],
    },
    {
      name: 'openstack-free',
      what: 'OpenStack’s data source, where nobody needs tokens',
      datasource: 'OpenStack' as const,
      firmware: OPENSTACK,
      found: 'DataSourceOpenStackLocal [net,ver=2]',
      interfaces: BY_OPENSTACK,
      words: ['--meta', 'http_tokens=optional'],
    },
    {
      name: 'ec2-token',
      what: 'Amazon’s data source, with the token that it needs',
      datasource: 'Ec2' as const,
      firmware: AMAZON,
      found: 'DataSourceEc2Local',
      interfaces: BY_AMAZON,
      words: [],
    },
    {
      name: 'ec2-spare-token',
      what: 'Amazon’s data source, with a token that nobody needs',
      datasource: 'Ec2' as const,
      firmware: AMAZON,
      found: 'DataSourceEc2Local',
      interfaces: BY_AMAZON,
      words: ['--meta', 'http_tokens=optional'],
    },
    {
      name: 'ec2-free',
      what: 'Amazon’s data source, without token where it needs none',
      datasource: 'Ec2' as const,
      firmware: UNKNOWN,
      found: 'DataSourceEc2',
      interfaces: BY_AMAZON,
      words: ['--meta', 'http_tokens=optional'],
    },
  ])(
    'configures itself by $what',
    { timeout: 300_000 },
    async ({ name, datasource, firmware, found, interfaces, words }) => {
      const data = ['--user-data', join(folder, 'user-data'), '--public-key', join(folder, 'key.pub')];
      const { netns } = await cloud.boot(name, 'h1', ...data, ...words);
      const image = await bootImage(netns, datasource, firmware);
      const { log, ...rest } = image;
      expect({ ...rest, log: log.match(/^FAILED: .*/gm) ?? [] }).toMatchObject({
        datasource: found,
        errors: [],
        hostname: name,
        authorizedKeys: expect.stringContaining(KEY),
        written: `written by ${name}`,
        log: [],
      });
      expect(image.interfaces.replace(/^(# .*\n)+/, '')).toBe(interfaces);
      expect(image.routes).toMatch(/^10\.0\.0\.0\/24 dev eth0 [^]*^10\.1\.0\.0\/24 dev eth1 /m);
      // The second NIC is told no router, as use_single_default_gateway says.
      expect(image.routes.match(/^default via .*/gm)).toHaveLength(1);
    },
  );
});
