import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expectPing, TestNetwork } from '@novanet/testbed';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { GuestVif } from './guest-nics.js';
import { interfacesFile } from './interfaces-file.js';
import { absent, manyNics, novaTwoNics, subnet, vif } from './testing/guest-vif-fixture.js';

let network: TestNetwork<'guest' | 'outside'>;
let folder: string;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'novanet-test-'));
  network = await TestNetwork.create(['guest', 'outside']);
});
afterEach(async () => {
  await network.remove();
  rmSync(folder, { recursive: true, force: true });
});

/** Gives the guest a NIC for each entry, as it finds them at boot; the far ends have these addresses. */
async function plug(nics: readonly GuestVif[], farAddresses: readonly (readonly string[])[]): Promise<void> {
  for (const [index, { address: mac }] of nics.entries()) {
    await network.cable(
      { role: 'outside', device: `far${index}` },
      { role: 'guest', device: `eth${index}`, mac },
    );
    const addresses = farAddresses[index] ?? [];
    await network.ip('outside', ...addresses.map((one) => `addr add ${one} dev far${index} nodad`));
  }
  await network.ip('guest', ...nics.map((_, index) => `link set eth${index} down`));
}

/** What the guest's boot does, with the machine's own hooks left out. */
async function boot(nics: readonly GuestVif[], singleDefaultGateway: boolean): Promise<void> {
  const file = join(folder, 'interfaces');
  writeFileSync(file, interfacesFile(nics, { singleDefaultGateway }) ?? '');
  await ifupdown('ifup', '--no-scripts');
}

function ifupdown(program: 'ifup' | 'ifdown', ...words: readonly string[]): Promise<string> {
  const place = [`--interfaces=${join(folder, 'interfaces')}`, `--state-dir=${folder}`];
  return network.run('guest', [program, '--all', ...place, ...words]);
}

interface Link {
  readonly addr_info: readonly {
    readonly local: string;
    readonly prefixlen: number;
    readonly scope: string;
  }[];
}

async function addressesOn(device: string): Promise<string[]> {
  const [link]: Link[] = JSON.parse(await network.run('guest', ['ip', '-j', 'addr', 'show', 'dev', device]));
  const ours = link?.addr_info.filter(({ scope }) => scope === 'global') ?? [];
  return ours.map(({ local, prefixlen }) => `${local}/${prefixlen}`).toSorted();
}

async function routesVia(family: '-4' | '-6'): Promise<string[]> {
  const routes: { dst: string; gateway?: string; dev: string }[] = JSON.parse(
    await network.run('guest', ['ip', '-j', family, 'route']),
  );
  return routes
    .filter(({ gateway }) => gateway !== undefined)
    .map(({ dst, gateway, dev }) => `${dst} via ${gateway} on ${dev}`)
    .toSorted();
}

describe("Debian's ifupdown", () => {
  it('brings up a NIC of both families, with its way out', async () => {
    const nics = novaTwoNics.slice(0, 1);
    await plug(nics, [['10.0.0.1/24', '198.51.100.1/32', 'fd00::1/64', '2001:db8::1/128']]);
    await boot(nics, false);
    expect(await addressesOn('eth0')).toEqual(['10.0.0.3/24', 'fd00::f816:3eff:fe00:0/64']);
    await expectPing(network.netns('guest'), '198.51.100.1');
    await expectPing(network.netns('guest'), '2001:db8::1');
  });

  it('sets routes, further addresses and the MTU, and leaves NICs with DHCP to others', async () => {
    await plug(manyNics, [
      ['10.0.0.1/24', '10.0.0.254/24', '192.168.9.1/32'],
      [],
      ['10.2.0.0/31', 'fd02::1/64', 'fd02::fe/64', 'fd09::1/128', '2001:db8::1/128'],
      ['fd03::1/64'],
    ]);
    await boot(manyNics, true);
    expect(await addressesOn('eth0')).toEqual(['10.0.0.3/24', '10.0.0.4/24']);
    expect(await addressesOn('eth1')).toEqual([]);
    expect(await addressesOn('eth2')).toEqual(['10.2.0.1/31', 'fd02::2/64', 'fd02::f816:3eff:fe00:2/64']);
    expect(await addressesOn('eth3')).toEqual(['fd03::f816:3eff:fe00:3/64']);
    expect(await routesVia('-4')).toEqual([
      '192.168.9.0/24 via 10.0.0.254 on eth0',
      'default via 10.0.0.1 on eth0',
    ]);
    expect(await routesVia('-6')).toEqual(['fd09::/48 via fd02::fe on eth2']);
    expect(await network.run('guest', ['ip', 'link', 'show', 'eth0'])).toContain('mtu 1450');
    for (const address of ['192.168.9.1', '10.2.0.0', 'fd03::1', 'fd09::1']) {
      await expectPing(network.netns('guest'), address);
    }
  });

  it('takes them down again by the same file', async () => {
    const nics = [vif(0, [subnet('10.0.0.0/24', ['10.0.0.3', '10.0.0.4'], { gateway: '10.0.0.1' }), absent])];
    await plug(nics, [['10.0.0.1/24']]);
    await boot(nics, false);
    await ifupdown('ifdown', '--no-scripts');
    expect(await addressesOn('eth0')).toEqual([]);
    await boot(nics, false);
    await expectPing(network.netns('guest'), '10.0.0.1');
  });
});
