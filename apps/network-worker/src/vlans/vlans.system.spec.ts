import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DhcpLease, waitFor } from '@novanet/testbed';
import { CloudInstance } from './testing/cloud-instance.js';
import { aliasOf, devicesOf, macOf, mtuOf } from './testing/devices.js';
import { type Frame, framesDuring } from './testing/frames.js';
import { type CloudHost, KernelCloud } from './testing/kernel-cloud.js';

const mtu = 1450;
/** What fits into one packet beside the headers of IPv4 and ICMP. */
const fullSize = ['-M', 'do', '-s', String(mtu - 28)];

let cloud: KernelCloud;
let h1: CloudHost;
let h2: CloudHost;
beforeAll(async () => {
  cloud = await KernelCloud.start({ multi_host: 'true', teardown_unused_network_gateway: 'true' });
  [h1, h2] = [cloud.host(1), cloud.host(2)];
  const shape = { cidr: '10.0.0.0/22', num_networks: 4, network_size: 256, vlan_start: 100 };
  await cloud.createNetworks({ label: 'private', mtu, multi_host: true, ...shape });
});
afterAll(() => cloud?.remove());

describe("a project's VLAN and bridge on a host of many", () => {
  const haveGone = (host: CloudHost, ...names: string[]) =>
    waitFor(
      async () => {
        const devices = await devicesOf(host.kernel);
        return names.every((name) => !devices.has(name));
      },
      { limitMs: 20_000, everyMs: 100, what: `${names.join(' and ')} go` },
    );

  it('come with the first instance, go with the last, and come back with their MAC', async () => {
    const before = await devicesOf(h1.kernel);
    const first = await CloudInstance.boot(cloud, h1, 'passing');
    const { bridge, vlan } = first;
    expect([before.has(vlan), before.has(bridge)]).toEqual([false, false]);
    const mac = macOf(await devicesOf(h1.kernel), vlan);
    expect((await devicesOf(h2.kernel)).has(vlan)).toBe(false);
    // As nova's compute services did it first,
    await first.deallocate();
    await first.unplug();
    await haveGone(h1, vlan, bridge);
    const second = await CloudInstance.boot(cloud, h1, 'passing');
    expect(macOf(await devicesOf(h1.kernel), vlan)).toBe(mac);
    // and as they did it later.
    await second.unplug();
    await second.deallocate();
    await haveGone(h1, vlan, bridge);
  });
});

describe('a network that one host serves', () => {
  it('reaches instances on other hosts, whose compute services make VLAN and bridge', async () => {
    const shape = { cidr: '10.0.8.0/24', vlan_start: 200, project_id: 'single' };
    await cloud.createNetworks({ label: 'single', multi_host: false, ...shape });
    const near = await CloudInstance.boot(cloud, h1, 'single');
    const far = await CloudInstance.boot(cloud, h2, 'single', (instance) => instance.makeBridge('eth1'));
    const leases = [await near.lease(), await far.lease()];
    expect(leases.map(({ address }) => address)).toEqual([near.address, far.address]);
    expect(leases.map(({ server }) => server)).toEqual(['10.0.8.1', '10.0.8.1']);
    await far.expectPing(near.address);
    expect(aliasOf(await devicesOf(h1.kernel), near.vlan)).toBe('novanet:created');
    expect(aliasOf(await devicesOf(h2.kernel), far.vlan)).toBe('');
  });
});

describe('two projects on two hosts', () => {
  let a1: CloudInstance;
  let a2: CloudInstance;
  let b1: CloudInstance;
  let b2: CloudInstance;
  let leases: DhcpLease[];
  beforeAll(async () => {
    a1 = await CloudInstance.boot(cloud, h1, 'a');
    a2 = await CloudInstance.boot(cloud, h2, 'a');
    b1 = await CloudInstance.boot(cloud, h1, 'b');
    b2 = await CloudInstance.boot(cloud, h2, 'b');
    leases = await Promise.all([a1, a2, b1, b2].map((instance) => instance.lease()));
  });

  const watch = (body: () => Promise<void>) =>
    framesDuring({ netns: cloud.netns, port: h1.port, folder: cloud.folder }, body);
  const isOf = (...instances: readonly CloudInstance[]) => {
    const macs = new Set(instances.map(({ mac }) => mac));
    return ({ from, to }: Frame) => macs.has(from) || macs.has(to);
  };
  const tagsOf = (frames: readonly Frame[]) => [...new Set(frames.map(({ vlan }) => vlan))];

  it('have their instances told address and MTU by DHCP, each by its own host', () => {
    expect(leases.map(({ address }) => address)).toEqual([a1, a2, b1, b2].map(({ address }) => address));
    expect(new Set(leases.map(({ server }) => server)).size).toBe(4);
    expect(leases.map(({ options }) => options['mtu'])).toEqual(Array.from(leases, () => String(mtu)));
  });

  it('connect their own across hosts, in full size, in frames that all carry their tag', async () => {
    const frames = await watch(async () => {
      await a1.expectPing(a2.address, ...fullSize);
      await b2.expectPing(b1.address, ...fullSize);
    });
    const echoes = frames.filter(({ content }) => content.includes('ICMP echo'));
    expect(echoes.filter(isOf(a1)).length).toBeGreaterThanOrEqual(2);
    expect(tagsOf(frames.filter(isOf(a1, a2)))).toEqual([a1.tag]);
    expect(tagsOf(frames.filter(isOf(b1, b2)))).toEqual([b1.tag]);
    expect(a1.tag).not.toBe(b1.tag);
  });

  it('do not hear of each other, even when they use the same addresses', async () => {
    const others = a1.address.replace(/\d+$/, '200');
    await b1.run('ip', 'addr', 'add', `${others}/24`, 'dev', 'eth0');
    await b2.run('ip', 'addr', 'add', `${a2.address}/24`, 'dev', 'eth0');
    const frames = await watch(async () => {
      await b1.expectPing(a2.address);
      await a1.expectPing(a2.address);
      expect(await b1.isAnswered(a1.address)).toBe(false);
      expect(await a1.isAnswered(others)).toBe(false);
    });
    const replies = frames.filter(({ content }) => content.includes('ICMP echo reply'));
    const ends = ({ from, to, vlan }: Frame) => `${from} to ${to} in ${vlan}`;
    expect(new Set(replies.map(ends))).toEqual(
      new Set([`${b2.mac} to ${b1.mac} in ${b1.tag}`, `${a2.mac} to ${a1.mac} in ${a1.tag}`]),
    );
  });

  it('have devices of their MTU, with a MAC for each host and network', async () => {
    const macs: string[] = [];
    for (const { kernel } of [h1, h2]) {
      const devices = await devicesOf(kernel);
      for (const { vlan, bridge } of [a1, b1]) {
        expect([mtuOf(devices, vlan), mtuOf(devices, bridge)]).toEqual([mtu, mtu]);
        expect(macOf(devices, vlan)).toBe(macOf(devices, bridge));
        macs.push(macOf(devices, vlan));
      }
    }
    expect(new Set(macs).size).toBe(4);
  });

  it('stay connected when a worker stops, and leave nothing on a host that is drained', async () => {
    await h2.worker.stop();
    await a1.expectPing(a2.address);
    expect(await h2.worker.drain()).toMatchObject({ exitCode: 0 });
    const left = await devicesOf(h2.kernel);
    for (const { vlan, bridge } of [a2, b2]) {
      expect([left.has(vlan), left.has(bridge)]).toEqual([false, false]);
    }
    expect([...left.values()].filter(({ ifalias = '' }) => ifalias.startsWith('novanet'))).toEqual([]);
    for (const program of ['iptables-save', 'ip6tables-save', 'ebtables-save']) {
      expect(await h2.kernel.run([program])).not.toContain('nova-');
    }
  });
});
