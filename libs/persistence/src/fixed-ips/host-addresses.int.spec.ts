import { NoMoreFixedIps, type Network } from '@novanet/ipam';
import type { IpAddress } from '@novanet/net-address';
import { describe, expect, test } from 'vitest';
import { allocated, createNetwork, host, networkDraft, someInstance, subnet6 } from '../testing/fixtures.js';
import { scratchIpam, type ScratchIpam } from '../testing/scratch-ipam.js';

const [c1, c2] = [host('c1'), host('c2')];

async function hostRows({ database }: ScratchIpam): Promise<{ host: string; address: string }[]> {
  return database.run((manager) =>
    manager.query('SELECT host, address FROM fixed_ips WHERE host IS NOT NULL ORDER BY fixed_ips.number'),
  );
}

async function multiHostNetwork(cidr = '10.0.0.0/24') {
  const ipam = await scratchIpam();
  return { ipam, network: await createNetwork(ipam, cidr, { isMultiHost: true }) };
}

const claim = ({ fixedIps }: Pick<ScratchIpam, 'fixedIps'>, network: Network, who = c1) =>
  fixedIps.claimHostAddress(network, who).then((address?: IpAddress) => address?.toString());

describe('the address of a host in a network', () => {
  test('is taken from the pool once, and differs from host to host and network to network', async () => {
    const { ipam, network } = await multiHostNetwork();
    const other = await createNetwork(ipam, '10.1.0.0/24', { isMultiHost: true });
    expect([
      await claim(ipam, network),
      await claim(ipam, network),
      await claim(ipam, network, c2),
      await claim(ipam, other),
    ]).toEqual(['10.0.0.2', '10.0.0.2', '10.0.0.3', '10.1.0.2']);
    const [nic] = await allocated(ipam.fixedIps, { instance: someInstance(), nics: [{ network }] });
    expect(nic?.fixedIps[0]?.address.toString()).toBe('10.0.0.4');
  });

  test('is one, however many ask for it at once', async () => {
    const { ipam, network } = await multiHostNetwork();
    const workers = [ipam, ...(await Promise.all([1, 2, 3].map(() => ipam.openAnother())))];
    const addresses = await Promise.all(
      Array.from({ length: 20 }, (_, index) => claim(workers[index % 4]!, network)),
    );
    expect(new Set(addresses).size).toBe(1);
    expect(await hostRows(ipam)).toEqual([{ host: 'c1', address: addresses[0] }]);
  });

  test('is another one for each of twenty hosts at once', async () => {
    const { ipam, network } = await multiHostNetwork();
    const hosts = Array.from({ length: 20 }, (_, index) => host(`c${index}`));
    const addresses = await Promise.all(hosts.map((who) => claim(ipam, network, who)));
    expect(new Set(addresses).size).toBe(20);
    expect(await hostRows(ipam)).toHaveLength(20);
  });

  test('cannot be had when the pool is exhausted, but the one who has it keeps it', async () => {
    const { ipam, network } = await multiHostNetwork('10.0.0.0/30');
    const claims = await Promise.all(Array.from({ length: 8 }, () => claim(ipam, network)));
    expect(new Set(claims)).toEqual(new Set(['10.0.0.2']));
    await expect(claim(ipam, network, c2)).rejects.toEqual(new NoMoreFixedIps(network.uuid));
    expect(await claim(ipam, network)).toBe('10.0.0.2');
  });

  test.each([
    { name: 'has one host', over: { isMultiHost: false } },
    { name: 'has one address for all hosts', over: { isMultiHost: true, shareAddress: true } },
  ])('is not needed where the network $name, also when the caller thinks otherwise', async ({ over }) => {
    const ipam = await scratchIpam();
    const network = await createNetwork(ipam, '10.0.0.0/24', over);
    const outdated = { ...network, isMultiHost: true, shareAddress: false };
    expect(await claim(ipam, outdated)).toBeUndefined();
    expect(await hostRows(ipam)).toEqual([]);
  });

  test('is not needed in a network of IPv6 alone, nor in one that is gone', async () => {
    const { ipam, network } = await multiHostNetwork();
    const [v6] = await ipam.networks.create(() => [
      networkDraft([subnet6('fd00::/64')], { isMultiHost: true }),
    ]);
    await ipam.networks.delete(network, { requireDisassociated: true });
    expect(await claim(ipam, v6!)).toBeUndefined();
    expect(await claim(ipam, network)).toBeUndefined();
  });

  test('is never left over by a conversion at the same moment', async () => {
    const { ipam, network } = await multiHostNetwork();
    const another = await ipam.openAnother();
    for (let round = 0; round < 20; round += 1) {
      await ipam.networks.update(network.id, { isMultiHost: true });
      const convert = async () => {
        await another.networks.update(network.id, { isMultiHost: false });
        await another.fixedIps.releaseAllHostAddresses(network.id);
      };
      await Promise.all([claim(ipam, network), convert()]);
      expect(await hostRows(ipam)).toEqual([]);
    }
  });

  test('does not make the network one that is in use, and goes with it', async () => {
    const { ipam, network } = await multiHostNetwork();
    await claim(ipam, network);
    expect(await ipam.networks.isInUse(network.id)).toBe(false);
    await ipam.networks.delete(network, { requireDisassociated: true });
    expect(await hostRows(ipam)).toEqual([]);
  });
});

describe('giving host addresses back', () => {
  async function twoByTwo() {
    const { ipam, network } = await multiHostNetwork();
    const other = await createNetwork(ipam, '10.1.0.0/24', { isMultiHost: true });
    for (const who of [c1, c2]) for (const one of [network, other]) await claim(ipam, one, who);
    return { ipam, network };
  }

  test.each([
    {
      name: 'one host’s in one network',
      release: (ipam: ScratchIpam, id: number) => ipam.fixedIps.releaseHostAddresses(c1, id),
      given: ['10.0.0.2'],
    },
    {
      name: 'one host’s everywhere',
      release: (ipam: ScratchIpam) => ipam.fixedIps.releaseHostAddresses(c1),
      given: ['10.0.0.2', '10.1.0.2'],
    },
    {
      name: 'every host’s in one network',
      release: (ipam: ScratchIpam, id: number) => ipam.fixedIps.releaseAllHostAddresses(id),
      given: ['10.0.0.2', '10.0.0.3'],
    },
    {
      name: 'those of a host that has none',
      release: (ipam: ScratchIpam) => ipam.fixedIps.releaseHostAddresses(host('c9')),
      given: [],
    },
  ])('answers $name, and nothing the second time', async ({ release, given }) => {
    const { ipam, network } = await twoByTwo();
    expect((await release(ipam, network.id)).map(String).sort()).toEqual(given);
    expect(await release(ipam, network.id)).toEqual([]);
    const left = (await hostRows(ipam)).map(({ address }) => address);
    expect(left).toEqual(
      ['10.0.0.2', '10.0.0.3', '10.1.0.2', '10.1.0.3'].filter((one) => !given.includes(one)),
    );
  });

  test('leaves gateways, reserved addresses and instances alone', async () => {
    const { ipam, network } = await multiHostNetwork();
    await ipam.fixedIps.allocate({ instance: someInstance(), nics: [{ network }] });
    const before = await ipam.dump();
    await claim(ipam, network);
    await ipam.fixedIps.releaseAllHostAddresses(network.id);
    expect(await ipam.dump()).toEqual(before);
  });
});
