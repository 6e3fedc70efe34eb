import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expectPing, httpGet, runCommand, tryCommand, waitFor } from '@novanet/testbed';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { addressesOn, defaultRouters } from './testing/kernel-facts.js';
import { lab, tryLab } from './testing/run-lab.js';
import { TestCloud } from './testing/test-cloud.js';

describe('a cloud with FlatManager', () => {
  let cloud: TestCloud;
  beforeAll(async () => {
    cloud = await TestCloud.up('sysflat', '--hosts', '2', '--manager', 'nova.network.manager.FlatManager');
  });
  afterAll(() => lab('down', '--lab', 'sysflat'));

  it("gives addresses to instances on the operator's bridges, and leaves the hosts alone", async () => {
    const [one, two] = await Promise.all([cloud.boot('one', 'h1'), cloud.boot('two', 'h2')]);
    // There is no DHCP: the address is in the file that a compute service writes into the image.
    expect(one.record.network_info[0]?.network.meta).toMatchObject({ injected: true });
    const file = readFileSync(join(cloud.status.state_dir, 'instances/one/interfaces'), 'utf8');
    expect(file).toContain(
      `\nauto eth0\niface eth0 inet static\n    hwaddress ether ${one.record.network_info[0]?.address}\n    address ${one.address}\n`,
    );
    expect(await addressesOn(one.netns, 'eth0')).toEqual([one.address]);
    expect(await defaultRouters(one.netns)).toEqual(['10.0.0.1']);
    await expectPing(one.netns, two.address);
    expect(await addressesOn(cloud.host('h1').netns, 'br100')).toEqual([]);
    const rules = (table: string) =>
      runCommand(['iptables-save', '-t', table], { netns: cloud.host('h1').netns });
    expect(await rules('nat')).not.toMatch(/br100|10\.0\.0/);
    // Instances are filtered as everywhere.
    const filter = await rules('filter');
    expect(filter).toContain(`-d ${one.address}/32`);
    expect(filter).not.toMatch(/-[io] br100 -j ACCEPT/);
  });
});

describe('a cloud with VlanManager', () => {
  let cloud: TestCloud;
  beforeAll(async () => {
    cloud = await TestCloud.up('sysvlan', '--manager', 'vlan');
  });
  afterAll(() => lab('down', '--lab', 'sysvlan'));

  it('gives a project its network on first use, and no other project that one', async () => {
    const [one, two] = [await cloud.boot('one', 'h1'), await cloud.boot('two', 'h1')];
    expect(one.record.network_info[0]?.network).toMatchObject({
      bridge: 'br100',
      meta: { should_create_vlan: true, vlan: 100, bridge_interface: 'eth1', tenant_id: 'demo' },
    });
    expect(one.lease().routers).toEqual(['10.0.0.1']);
    await expectPing(one.netns, two.address);
    const seen = await httpGet(one.netns, `http://${cloud.status.outside.address}/`);
    expect(JSON.parse(seen.body)).toMatchObject({ client: cloud.host('h1').public_address });
    const foreign = await tryLab('boot', 'three', '--lab', 'sysvlan', '--project', 'other');
    expect(foreign).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('No more available networks'),
    });
  });

  it('is on the VLAN of the network, or says why not', async () => {
    const { netns } = cloud.host('h1');
    const vlan = await tryCommand(['ip', '-n', netns, '-d', 'link', 'show', 'vlan100']);
    const log = () => readFileSync(join(cloud.status.state_dir, 'log/h1-worker.log'), 'utf8');
    const isTold = await waitFor(
      () => vlan.stdout.includes('vlan protocol 802.1Q id 100') || log().includes('modprobe 8021q'),
      { limitMs: 5_000, what: 'the worker tells that it has no VLAN' },
    );
    expect(isTold).toBe(true);
  });
});
