import { FixedIpAlreadyInUse, FixedIpNotFoundForAddress, InvalidInput, NoMoreFixedIps } from '@novanet/ipam';
import { Ipv4 } from '@novanet/net-address';
import { describe, expect, test } from 'vitest';
import { allocated, createNetwork, someInstance } from '../testing/fixtures.js';
import { scratchIpam } from '../testing/scratch-ipam.js';

const ip = (text: string) => Ipv4.parse(text);

/** Addresses for instances: .2 to .6. */
async function smallNetwork() {
  const ipam = await scratchIpam();
  const network = await createNetwork(ipam, '10.0.0.0/29');
  const give = async () => {
    const [nic] = await allocated(ipam.fixedIps, { instance: someInstance(), nics: [{ network }] });
    return nic?.fixedIps[0]?.address.toString();
  };
  return { ipam, network, subnetId: network.subnets[0]!.id, give };
}

describe('an address that is reserved', () => {
  test('is given to nobody until it is free again', async () => {
    const { ipam, subnetId, give } = await smallNetwork();
    await ipam.reservations.add(subnetId, ip('10.0.0.4'));
    await ipam.reservations.add(subnetId, ip('10.0.0.4'));
    expect([await give(), await give(), await give(), await give()]).toEqual([
      '10.0.0.2',
      '10.0.0.3',
      '10.0.0.5',
      '10.0.0.6',
    ]);
    await expect(give()).rejects.toThrow(NoMoreFixedIps);
    await ipam.reservations.remove(subnetId, ip('10.0.0.4'));
    await ipam.reservations.remove(subnetId, ip('10.0.0.4'));
    expect(await give()).toBe('10.0.0.4');
  });

  test('is none that an instance has, or that is a gateway', async () => {
    const { ipam, subnetId, give } = await smallNetwork();
    expect(await give()).toBe('10.0.0.2');
    const before = await ipam.dump();
    await expect(ipam.reservations.add(subnetId, ip('10.0.0.2'))).rejects.toThrow(FixedIpAlreadyInUse);
    await ipam.reservations.remove(subnetId, ip('10.0.0.2'));
    await ipam.reservations.add(subnetId, ip('10.0.0.1'));
    await expect(ipam.reservations.remove(subnetId, ip('10.0.0.1'))).rejects.toThrow(InvalidInput);
    expect(await ipam.dump()).toEqual(before);
  });

  test('is of a network that exists', async () => {
    const { ipam, network, subnetId } = await smallNetwork();
    await ipam.networks.delete(network, { requireDisassociated: false });
    const reserved = ipam.reservations.add(subnetId, ip('10.0.0.4'));
    await expect(reserved).rejects.toThrow(FixedIpNotFoundForAddress);
  });

  test('is either reserved or given, when both are asked for at once', async () => {
    const { ipam, network, subnetId } = await smallNetwork();
    const address = ip('10.0.0.4');
    const request = { instance: someInstance(), nics: [{ network, address }] };
    const outcomes = await Promise.allSettled([
      ipam.fixedIps.allocate(request),
      ipam.reservations.add(subnetId, address),
    ]);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });
});
