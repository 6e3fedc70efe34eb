import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';

import { expectPing, httpGet, runCommand, waitFor } from '@novanet/testbed';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { CloudApi } from './cloud/api.js';
import { addressesOn, defaultRouters } from './testing/kernel-facts.js';
import { lab } from './testing/run-lab.js';
import { TestCloud, type TestInstance } from './testing/test-cloud.js';
import { DhcpWireTap } from './testing/wire-tap.js';

const name = 'sysmulti';
const hosts = ['h1', 'h2', 'h3'];
/** The other network is served by one host, which may be the one that is killed. */
const privately = ['--network', 'private'];
const configuration = mkdtempSync(join(tmpdir(), 'novanet-test-'));
let cloud: TestCloud;
let wire: DhcpWireTap;
/** Three on each host. */
let nine: readonly TestInstance[];

beforeAll(async () => {
  const file = join(configuration, 'names.conf');
  writeFileSync(file, '[DEFAULT]\ninstance_dns_manager = dnsmasq\ninstance_dns_domain = cloud.example\n');
  cloud = await TestCloud.up(name, '--hosts', '3', '--multi-host', '--config', file);
  wire = await DhcpWireTap.on(cloud.status.switch.netns);
  nine = await Promise.all(
    Array.from({ length: 9 }, (_, index) => cloud.boot(`vm${index + 1}`, hosts[index % 3] ?? '')),
  );
});
afterAll(async () => {
  rmSync(configuration, { recursive: true, force: true });
  await lab('down', '--lab', name);
});

const on = (host: string) => nine.filter(({ record }) => record.host === host);
const someOn = (host: string) => on(host)[0]!;

/** What a DNS server says of each name, asked from inside an instance. */
async function resolve(
  { netns }: TestInstance,
  server: string,
  names: readonly string[],
): Promise<Readonly<Record<string, readonly string[]>>> {
  const script = `
    const [, server, ...names] = process.argv;
    const resolver = new (require('node:dns').promises.Resolver)({ timeout: 1000, tries: 1 });
    resolver.setServers([server]);
    const found = names.map(async (name) => [name, await resolver.resolve4(name).catch(() => [])]);
    Promise.all(found).then((pairs) => console.log(JSON.stringify(Object.fromEntries(pairs))));`;
  return JSON.parse(await runCommand([process.execPath, '-e', script, server, ...names], { netns }));
}

describe('nine instances that booted at once on three hosts of a multi-host network', () => {
  it("have their own host as router and DHCP server, not the network's gateway", async () => {
    const own = await Promise.all(hosts.map((host) => addressesOn(cloud.host(host).netns, 'br100')));
    expect(own.map((addresses) => addresses.length)).toEqual([1, 1, 1]);
    expect(new Set([...own.flat(), ...nine.map(({ address }) => address)]).size).toBe(12);
    expect(own.flat()).not.toContain('10.0.0.1');
    for (const [index, host] of hosts.entries()) {
      for (const instance of on(host)) {
        expect(await defaultRouters(instance.netns)).toEqual(own[index]);
        expect(instance.lease()).toMatchObject({ server: own[index]?.[0], address: instance.address });
      }
    }
  });

  it('are answered by the DHCP server of their own host, although every host hears them', async () => {
    const { requests, answers } = await wire.counts();
    expect(requests).toBeGreaterThan(0);
    expect(answers).toBe(0);
  });

  it('reach each other, also on other hosts', async () => {
    const pairs = hosts.flatMap((from) => hosts.map((to) => [someOn(from), someOn(to)] as const));
    const pings = pairs.map(([from, to]) => expectPing(from.netns, to.address));
    await expect(Promise.all(pings)).resolves.toHaveLength(9);
  });

  it('reach metadata and the outside through their own host', async () => {
    for (const host of hosts) {
      const { netns, name: instance } = someOn(host);
      const metadata = await httpGet(netns, 'http://169.254.169.254/latest/meta-data/hostname');
      expect(metadata.body).toContain(instance);
      const seen = await httpGet(netns, `http://${cloud.status.outside.address}/`);
      expect(JSON.parse(seen.body)).toMatchObject({ client: cloud.host(host).public_address });
    }
  });

  it('are found by name, from every host', async () => {
    for (const host of hosts) {
      const asking = someOn(host);
      const [server = ''] = asking.lease().nameServers;
      expect(await addressesOn(cloud.host(host).netns, 'br100')).toContain(server);
      const names = nine.map(({ name: label }) => `${label}.cloud.example`);
      const expected = Object.fromEntries(nine.map(({ address }, index) => [names[index], [address]]));
      await waitFor(async () => isDeepStrictEqual(await resolve(asking, server, names), expected), {
        limitMs: 10_000,
        everyMs: 200,
        what: `${host} knows the names of all instances`,
      });
    }
  });
});

describe('a network of one host beside it', () => {
  it('serves an instance of both from where it should', async () => {
    const network = { label: 'single', cidr: '10.1.0.0/24', bridge: 'br200', bridge_interface: 'eth2' };
    await new CloudApi(cloud.status.api_url).createNetwork({ ...network, multi_host: false });
    const both = ['--network', 'private', '--network', 'single'];
    const instances = [await cloud.boot('both1', 'h1', ...both), await cloud.boot('both2', 'h2', ...both)];
    const routers = await Promise.all(hosts.map((host) => addressesOn(cloud.host(host).netns, 'br200')));
    expect(routers.flat()).toEqual(['10.1.0.1']);
    for (const instance of instances) {
      const own = await addressesOn(cloud.host(instance.record.host).netns, 'br100');
      expect(own).toEqual([instance.lease('eth0').server]);
      expect(instance.lease('eth1')).toMatchObject({ server: '10.1.0.1', routers: ['10.1.0.1'] });
    }
    await expectPing(instances[0]!.netns, instances[1]!.lease('eth1').address);
    // The server of the one host did answer the other, and the tap would have told before.
    expect((await wire.counts()).answers).toBeGreaterThan(0);
  });
});

describe('when worker and dhcpbridge of one host are killed', () => {
  beforeAll(async () => {
    await Promise.all([cloud.killProcess('h1', 'worker'), cloud.killProcess('h1', 'dhcpbridge')]);
  });

  it('the instances of the others renew their leases and reach each other', async () => {
    const others = [...on('h2'), ...on('h3')];
    const renewals = others.map((instance) => instance.renew());
    await expect(Promise.all(renewals)).resolves.toHaveLength(6);
    await Promise.all(others.map(({ netns }) => expectPing(netns, cloud.status.outside.address)));
    await expectPing(someOn('h2').netns, someOn('h3').address);
    await expectPing(someOn('h3').netns, someOn('h2').address);
  });

  it('the others boot new ones', async () => {
    const [two, three] = await Promise.all([
      cloud.boot('new2', 'h2', ...privately),
      cloud.boot('new3', 'h3', ...privately),
    ]);
    expect(await addressesOn(cloud.host('h2').netns, 'br100')).toEqual(await defaultRouters(two.netns));
    await expectPing(two.netns, three.address);
    // Its own instances lost nothing that they had.
    await expectPing(someOn('h1').netns, three.address);
  });

  it('the host goes on where it was once they are back', async () => {
    const before = await addressesOn(cloud.host('h1').netns, 'br100');
    await cloud.run('start', 'h1');
    const back = await cloud.boot('new1', 'h1', ...privately);
    expect(await defaultRouters(back.netns)).toEqual(before);
    await someOn('h1').renew();
  });
});
