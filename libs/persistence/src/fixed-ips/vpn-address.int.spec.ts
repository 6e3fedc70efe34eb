import {
  FixedIpAlreadyInUse,
  FixedIpNotFoundForNetwork,
  NoMoreFixedIps,
  type InstanceIdentity,
  type Network,
} from '@novanet/ipam';
import { Mac } from '@novanet/net-address';
import { describe, expect, test } from 'vitest';
import type { Ipam } from '../create-ipam.js';
import {
  allocated,
  createNetwork,
  host,
  ip,
  networkDraft,
  someInstance,
  subnet4,
} from '../testing/fixtures.js';
import { scratchIpam } from '../testing/scratch-ipam.js';

const vpn = ip('10.0.0.2');
const later = () => new Date(Date.now() + 60_000);

/** A network of VlanManager: its VPN address, and a pool of two. */
async function projectNetwork() {
  const ipam = await scratchIpam();
  const pool = { first: ip('10.0.0.3'), last: ip('10.0.0.4') };
  const [network] = await ipam.networks.create(() => [
    networkDraft([subnet4('10.0.0.0/29', { pool })], { vpnPrivateAddress: vpn, vlan: 100 }),
  ]);
  return { ipam, network: network! };
}

async function takeVpn(
  ipam: Ipam,
  network: Network,
  instance: InstanceIdentity,
  mac?: Mac,
): Promise<string[]> {
  const nics = await allocated(ipam.fixedIps, {
    instance,
    nics: [{ network, isVpn: true, ...(mac && { mac }) }],
  });
  return nics.flatMap(({ fixedIps }) => fixedIps.map(({ address }) => address.toString()));
}

/** What is the same before an owner and after it: all but the time of the last change. */
async function vpnRow({ fixedIps }: Ipam) {
  const { updatedAt: _, ...row } = (await fixedIps.findByAddress(vpn))!;
  return row;
}

describe('the VPN address of a network', () => {
  test('is its VPN instance’s, again when it asks again, and waits for the next one afterwards', async () => {
    const { ipam, network } = await projectNetwork();
    const free = await vpnRow(ipam);
    expect(free).toMatchObject({ role: 'vpn', instanceUuid: null, isAllocated: false });
    for (const instance of [someInstance(), someInstance()]) {
      expect(await takeVpn(ipam, network, instance)).toEqual(['10.0.0.2']);
      expect(await takeVpn(ipam, network, instance)).toEqual(['10.0.0.2']);
      expect(await vpnRow(ipam)).toMatchObject({
        role: 'vpn',
        instanceUuid: instance.uuid,
        isAllocated: true,
      });
      await ipam.fixedIps.deallocate(instance.uuid);
      expect(await vpnRow(ipam)).toEqual(free);
    }
  });

  test('is nobody else’s: neither by its turn nor by name', async () => {
    const { ipam, network } = await projectNetwork();
    const named = ipam.fixedIps.allocate({ instance: someInstance(), nics: [{ network, address: vpn }] });
    await expect(named).rejects.toEqual(new FixedIpNotFoundForNetwork('10.0.0.2', network.uuid));
    await ipam.fixedIps.allocate({ instance: someInstance(), nics: [{ network }] });
    await ipam.fixedIps.allocate({ instance: someInstance(), nics: [{ network }] });
    const third = ipam.fixedIps.allocate({ instance: someInstance(), nics: [{ network }] });
    await expect(third).rejects.toEqual(new NoMoreFixedIps(network.uuid));
    expect(await takeVpn(ipam, network, someInstance())).toEqual(['10.0.0.2']);
  });

  test('is one instance’s of many that ask at once, and the others learn whose', async () => {
    const { ipam, network } = await projectNetwork();
    const instances = Array.from({ length: 20 }, () => someInstance());
    const outcomes = await Promise.allSettled(instances.map((one) => takeVpn(ipam, network, one)));
    const winners = instances.filter((_, index) => outcomes[index]?.status === 'fulfilled');
    expect(winners).toHaveLength(1);
    const reasons = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
    for (const reason of reasons) {
      expect(reason).toEqual(new FixedIpAlreadyInUse('10.0.0.2', winners[0]!.uuid));
    }
    const { virtual_interfaces: vifs } = await ipam.dump();
    expect(vifs).toHaveLength(1);
  });

  test('drains while it is leased: its former owner may have it back, another one not yet', async () => {
    const { ipam, network } = await projectNetwork();
    const [owner, next] = [someInstance(), someInstance()];
    const [first, second] = [Mac.ofNova(1), Mac.ofNova(2)];
    await takeVpn(ipam, network, owner, first);
    await ipam.fixedIps.recordLease({ address: vpn, mac: first });
    await ipam.fixedIps.deallocate(owner.uuid);
    expect(await vpnRow(ipam)).toMatchObject({
      role: 'vpn',
      isAllocated: false,
      instanceUuid: owner.uuid,
      lease: { mac: first },
    });
    await expect(takeVpn(ipam, network, next)).rejects.toEqual(
      new FixedIpAlreadyInUse('10.0.0.2', owner.uuid),
    );
    expect(await takeVpn(ipam, network, owner, second)).toEqual(['10.0.0.2']);
    expect(await ipam.fixedIps.recordRelease({ address: vpn, mac: first })).toBe('released');
    expect(await vpnRow(ipam)).toMatchObject({ isAllocated: true, instanceUuid: owner.uuid, lease: null });
  });

  test.each([
    {
      name: 'its lease is given back',
      free: (ipam: Ipam, mac: Mac) => ipam.fixedIps.recordRelease({ address: vpn, mac }),
    },
    {
      name: 'the release never came',
      free: (ipam: Ipam) => ipam.fixedIps.freeStale({ host: host('net1'), before: later() }),
    },
  ])('is the next one’s when $name, as if it had never been used', async ({ free }) => {
    const { ipam, network } = await projectNetwork();
    const before = await vpnRow(ipam);
    const owner = someInstance();
    const mac = Mac.ofNova(1);
    await takeVpn(ipam, network, owner, mac);
    await ipam.fixedIps.recordLease({ address: vpn, mac, host: host('net1'), expiresAt: later() });
    await ipam.fixedIps.deallocate(owner.uuid);
    await free(ipam, mac);
    expect(await vpnRow(ipam)).toEqual(before);
    expect(await takeVpn(ipam, network, someInstance())).toEqual(['10.0.0.2']);
  });

  test('is free, not draining, when it was never leased: nothing is stale about it', async () => {
    const { ipam, network } = await projectNetwork();
    const owner = someInstance();
    await takeVpn(ipam, network, owner);
    await ipam.fixedIps.withdraw(owner.uuid);
    expect(await ipam.fixedIps.freeStale({ host: host('net1'), before: later() })).toEqual({
      unreleased: 0,
      orphaned: 0,
      forgotten: 0,
      instances: 0,
    });
    const [served] = await ipam.fixedIps.servedBy(host('net1'));
    expect(served).toBeUndefined();
  });

  test('is served to its instance, and drains, like any other', async () => {
    const { ipam, network } = await projectNetwork();
    await ipam.networks.claimHost(network.id, host('net1'));
    const owner = someInstance();
    const mac = Mac.ofNova(1);
    await takeVpn(ipam, network, owner, mac);
    await ipam.fixedIps.recordLease({ address: vpn, mac });
    const [serving] = await ipam.fixedIps.servedBy(host('net1'));
    expect(serving).toMatchObject({ hosts: [{ mac, address: vpn }], leases: [{ mac }], draining: [] });
    await ipam.fixedIps.deallocate(owner.uuid);
    const [draining] = await ipam.fixedIps.servedBy(host('net1'));
    expect(draining).toMatchObject({ hosts: [], leases: [], draining: [{ mac, address: vpn }] });
  });

  test('does not exist in a network without one', async () => {
    const { ipam } = await projectNetwork();
    const plain = await createNetwork(ipam, '10.9.0.0/24');
    const before = await ipam.dump();
    await expect(takeVpn(ipam, plain, someInstance())).rejects.toBeInstanceOf(FixedIpNotFoundForNetwork);
    expect(await ipam.dump()).toEqual(before);
  });
});
