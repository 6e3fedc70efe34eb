import type { InstanceIdentity, Network, NetworkDraft, Nic } from '@novanet/ipam';
import { Mac, type HostName, type Ipv4 } from '@novanet/net-address';
import { describe, expect, test } from 'vitest';
import {
  createNetwork,
  host,
  ip,
  networkDraft,
  someInstance,
  subnet4,
  subnet6,
} from '../testing/fixtures.js';
import { scratchIpam, type ScratchIpam } from '../testing/scratch-ipam.js';

const [c1, c2, c3, net1] = [host('c1'), host('c2'), host('c3'), host('net1')];

async function placed(ipam: ScratchIpam, network: Network, instance: InstanceIdentity): Promise<Nic> {
  await ipam.fixedIps.allocate({ instance, nics: [{ network }] });
  const nics = await ipam.fixedIps.nicsOf(instance.uuid);
  return nics.find(({ vif }) => vif.networkId === network.id)!;
}

const addressOf = (nic: Nic) => nic.fixedIps[0]!.address as Ipv4;

/** What the host serves: the network's address there, who is offered an address, whose lease has to go. */
async function service({ fixedIps }: ScratchIpam, who: typeof c1) {
  return (await fixedIps.servedBy(who)).map(({ network, dhcpServer, hosts, draining }) => ({
    network: network.label,
    dhcpServer: dhcpServer && dhcpServer.toString(),
    hosts: hosts.map(({ address }) => address.toString()),
    draining: draining.map(({ address }) => address.toString()),
  }));
}

describe('an instance of a multi-host network', () => {
  test('on its way to another host is served by both, and then by the new one alone', async () => {
    const ipam = await scratchIpam();
    const network = await createNetwork(ipam, '10.0.0.0/24', { isMultiHost: true });
    const { uuid } = someInstance();
    const nic = await placed(ipam, network, someInstance({ uuid, host: c1 }));
    const { mac } = nic.vif;
    await ipam.fixedIps.recordLease({ address: addressOf(nic), mac, host: c1 });
    const here = { network: 'private', dhcpServer: null, hosts: ['10.0.0.2'], draining: [] };
    expect([await service(ipam, c1), await service(ipam, c2)]).toEqual([[here], []]);
    await ipam.whereabouts.expect(uuid, c2);
    expect([await service(ipam, c1), await service(ipam, c2)]).toEqual([[here], [here]]);
    await ipam.whereabouts.arrived(uuid, c2);
    expect([await service(ipam, c1), await service(ipam, c2)]).toEqual([[], [here]]);
  });

  test('that has left lets its lease go at the host that gave it and still serves the network', async () => {
    const ipam = await scratchIpam();
    const network = await createNetwork(ipam, '10.0.0.0/24', { isMultiHost: true });
    await ipam.fixedIps.claimHostAddress(network, c1);
    const { uuid } = someInstance();
    const nic = await placed(ipam, network, someInstance({ uuid, host: c1 }));
    const event = { address: addressOf(nic), mac: nic.vif.mac };
    await ipam.fixedIps.recordLease({ ...event, host: c1 });
    await ipam.whereabouts.arrived(uuid, c2);
    const left = { network: 'private', dhcpServer: '10.0.0.2', hosts: [], draining: ['10.0.0.3'] };
    expect(await service(ipam, c1)).toEqual([left]);
    expect(await service(ipam, c2)).toMatchObject([{ hosts: ['10.0.0.3'], draining: [] }]);
    await ipam.fixedIps.recordLease({ ...event, host: c2 });
    expect(await ipam.fixedIps.recordRelease({ ...event, host: c1 })).toBe('ignored');
    expect(await service(ipam, c1)).toMatchObject([{ hosts: [], draining: [] }]);
    expect(await ipam.fixedIps.findByAddress(event.address)).toMatchObject({ lease: { host: c2 } });
  });

  test('that is on no host any more keeps its lease where it got it', async () => {
    const ipam = await scratchIpam();
    const network = await createNetwork(ipam, '10.0.0.0/24', { isMultiHost: true });
    await ipam.fixedIps.claimHostAddress(network, c1);
    const nic = await placed(ipam, network, someInstance());
    await ipam.fixedIps.recordLease({ address: addressOf(nic), mac: nic.vif.mac, host: c1 });
    expect(await service(ipam, c1)).toMatchObject([{ hosts: ['10.0.0.3'], draining: [] }]);
  });

  test('does not make any other host than the owner serve a single-host network', async () => {
    const ipam = await scratchIpam();
    const network = await createNetwork(ipam, '10.0.0.0/24');
    await ipam.networks.claimHost(network.id, net1);
    const { uuid } = someInstance();
    await placed(ipam, network, someInstance({ uuid, host: c1 }));
    await ipam.whereabouts.expect(uuid, c2);
    expect([await service(ipam, c1), await service(ipam, c2)]).toEqual([[], []]);
    expect(await service(ipam, net1)).toMatchObject([{ dhcpServer: '10.0.0.1', hosts: ['10.0.0.2'] }]);
  });

  test('with several addresses is offered the one it got first', async () => {
    const ipam = await scratchIpam();
    const network = await createNetwork(ipam, '10.0.0.0/24', { isMultiHost: true });
    const instance = someInstance({ host: c1 });
    await placed(ipam, network, instance);
    const nics = [{ network, isAdditional: true }];
    await ipam.fixedIps.allocate({ instance, nics, requestId: 'a'.repeat(32) });
    expect(await service(ipam, c1)).toMatchObject([{ hosts: ['10.0.0.2'] }]);
  });
});

describe('where DHCP is answered', () => {
  const cases: { name: string; over: Partial<NetworkDraft>; claimed: boolean; dhcpServer: string | null }[] =
    [
      { name: 'a single-host network', over: {}, claimed: true, dhcpServer: '10.0.0.1' },
      {
        name: 'a multi-host network with one address for all',
        over: { isMultiHost: true, shareAddress: true },
        claimed: true,
        dhcpServer: '10.0.0.1',
      },
      {
        name: 'a multi-host network, before the host was set up',
        over: { isMultiHost: true },
        claimed: false,
        dhcpServer: null,
      },
      {
        name: 'a multi-host network, afterwards',
        over: { isMultiHost: true },
        claimed: true,
        dhcpServer: '10.0.0.2',
      },
    ];

  test.each(cases)('of $name: $dhcpServer', async ({ over, claimed, dhcpServer }) => {
    const ipam = await scratchIpam();
    const network = await createNetwork(ipam, '10.0.0.0/24', over);
    if (!network.isMultiHost) await ipam.networks.claimHost(network.id, c1);
    if (claimed) await ipam.fixedIps.claimHostAddress(network, c1);
    await ipam.fixedIps.claimHostAddress(network, c2);
    const nic = await placed(ipam, network, someInstance({ host: c1 }));
    expect(nic.dhcpServer?.toString() ?? null).toBe(dhcpServer);
    expect(await service(ipam, c1)).toMatchObject([{ dhcpServer }]);
  });

  test('follows the instance from host to host', async () => {
    const ipam = await scratchIpam();
    const network = await createNetwork(ipam, '10.0.0.0/24', { isMultiHost: true });
    const [a, b] = [
      await ipam.fixedIps.claimHostAddress(network, c1),
      await ipam.fixedIps.claimHostAddress(network, c2),
    ];
    const { uuid } = someInstance();
    const first = await placed(ipam, network, someInstance({ uuid, host: c1 }));
    await ipam.whereabouts.arrived(uuid, c2);
    const [second] = await ipam.fixedIps.nicsOf(uuid);
    await ipam.whereabouts.arrived(uuid, c3);
    const [third] = await ipam.fixedIps.nicsOf(uuid);
    expect([first.dhcpServer, second?.dhcpServer, third?.dhcpServer]).toEqual([a, b, null]);
  });

  test('is told per instance when all NICs are listed', async () => {
    const ipam = await scratchIpam();
    const several = await createNetwork(ipam, '10.0.0.0/24', { isMultiHost: true });
    const [dual] = await ipam.networks.create(() => [
      networkDraft([subnet4('10.1.0.0/24'), subnet6('fd00::/64')], { label: 'dual' }),
    ]);
    for (const who of [c1, c2]) await ipam.fixedIps.claimHostAddress(several, who);
    for (const who of [c1, c2]) {
      await ipam.fixedIps.allocate({
        instance: someInstance({ host: who }),
        nics: [{ network: several }, { network: dual! }],
      });
    }
    const all = (await ipam.fixedIps.allNics()).map(({ network, fixedIps, dhcpServer }) =>
      [network.label, fixedIps.map(({ address }) => address), dhcpServer].join(' '),
    );
    expect(all).toEqual([
      'private 10.0.0.4 10.0.0.2',
      'dual 10.1.0.2 10.1.0.1',
      'private 10.0.0.5 10.0.0.3',
      'dual 10.1.0.3 10.1.0.1',
    ]);
  });

  test('costs one query without host addresses, two with them, however many NICs there are', async () => {
    const ipam = await scratchIpam();
    const single = await createNetwork(ipam, '10.0.0.0/24');
    const several = await createNetwork(ipam, '10.1.0.0/24', { isMultiHost: true });
    for (let count = 0; count < 5; count += 1) await placed(ipam, single, someInstance());
    const cost = async () => {
      ipam.statements.length = 0;
      await ipam.fixedIps.allNics();
      return ipam.statements.length;
    };
    const without = await cost();
    await placed(ipam, several, someInstance({ host: c1 }));
    expect([without, await cost()]).toEqual([1, 2]);
  });
});

describe('the servers of a network', () => {
  test('are its owner alone, wherever its instances are', async () => {
    const ipam = await scratchIpam();
    const network = await createNetwork(ipam, '10.0.0.0/24');
    const { uuid } = someInstance();
    await placed(ipam, network, someInstance({ uuid, host: c1 }));
    await ipam.whereabouts.expect(uuid, c2);
    expect(await ipam.fixedIps.serversOf(network.id)).toEqual([]);
    await ipam.networks.claimHost(network.id, net1);
    expect(await ipam.fixedIps.serversOf(network.id)).toEqual([net1]);
  });

  test('of several hosts are those with instances, with expected ones, and with an address', async () => {
    const ipam = await scratchIpam();
    const network = await createNetwork(ipam, '10.0.0.0/24', { isMultiHost: true });
    const other = await createNetwork(ipam, '10.1.0.0/24', { isMultiHost: true });
    const { uuid } = someInstance();
    await placed(ipam, network, someInstance({ uuid, host: c1 }));
    await ipam.whereabouts.expect(uuid, c2);
    await ipam.fixedIps.claimHostAddress(network, c3);
    await placed(ipam, other, someInstance({ host: net1 }));
    expect((await ipam.fixedIps.serversOf(network.id)).toSorted()).toEqual([c1, c2, c3]);
    await ipam.networks.update(network.id, { isMultiHost: false, host: net1 });
    expect(await ipam.fixedIps.serversOf(network.id)).toEqual([net1]);
    expect(await ipam.fixedIps.serversOf(999_999)).toEqual([]);
  });

  test('know the NICs of the instances that are there, and of those on their way', async () => {
    const ipam = await scratchIpam();
    const network = await createNetwork(ipam, '10.0.0.0/24', { isMultiHost: true });
    const { uuid } = someInstance();
    await placed(ipam, network, someInstance({ uuid, host: c1 }));
    await placed(ipam, network, someInstance({ host: c2 }));
    const here = async (on: HostName) =>
      (await ipam.fixedIps.nicsOn(on)).map(({ vif, fixedIps }) => [vif.instanceUuid, fixedIps.length]);
    expect(await here(c1)).toEqual([[uuid, 1]]);
    expect(await here(c3)).toEqual([]);
    await ipam.whereabouts.expect(uuid, c3);
    expect(await here(c3)).toEqual([[uuid, 1]]);
    expect(await here(c2)).toHaveLength(1);
  });

  test('are exactly those whom the network is named to', async () => {
    const ipam = await scratchIpam();
    const network = await createNetwork(ipam, '10.0.0.0/24', { isMultiHost: true });
    const { uuid } = someInstance();
    await placed(ipam, network, someInstance({ uuid, host: c1 }));
    await ipam.whereabouts.expect(uuid, c2);
    await ipam.fixedIps.claimHostAddress(network, c3);
    for (const isMultiHost of [true, false]) {
      await ipam.networks.update(network.id, { isMultiHost, host: isMultiHost ? null : net1 });
      const servers = await ipam.fixedIps.serversOf(network.id);
      const named = [];
      for (const who of [c1, c2, c3, net1]) {
        if ((await ipam.fixedIps.servedBy(who)).length > 0) named.push(who);
      }
      expect(named).toEqual(servers.toSorted());
    }
  });
});

describe('looking things up', () => {
  test('finds an address by its number', async () => {
    const ipam = await scratchIpam();
    const network = await createNetwork(ipam, '10.0.0.0/24');
    const nic = await placed(ipam, network, someInstance());
    const [fixedIp] = nic.fixedIps;
    expect(await ipam.fixedIps.findById(fixedIp!.id)).toEqual(fixedIp);
    const gateway = await ipam.fixedIps.findByAddress(ip('10.0.0.1'));
    expect(await ipam.fixedIps.findById(gateway!.id)).toMatchObject({ role: 'gateway', instanceUuid: null });
    expect(await ipam.fixedIps.findById(999_999)).toBeUndefined();
  });

  test('finds a NIC by its MAC', async () => {
    const ipam = await scratchIpam();
    const network = await createNetwork(ipam, '10.0.0.0/24');
    const { vif } = await placed(ipam, network, someInstance());
    expect(await ipam.fixedIps.findVifByMac(vif.mac)).toEqual(vif);
    expect(await ipam.fixedIps.findVifByMac(Mac.parse(vif.mac.toString().toUpperCase()))).toEqual(vif);
    await ipam.fixedIps.deallocate(vif.instanceUuid);
    expect(await ipam.fixedIps.findVifByMac(vif.mac)).toBeUndefined();
  });

  test('lists NICs without address too, and none when there is none', async () => {
    const ipam = await scratchIpam();
    expect(await ipam.fixedIps.allNics()).toEqual([]);
    const [v6] = await ipam.networks.create(() => [networkDraft([subnet6('fd00::/64')])]);
    const nic = await placed(ipam, v6!, someInstance());
    expect(await ipam.fixedIps.allNics()).toEqual([nic]);
    expect(nic.fixedIps).toEqual([]);
  });
});
