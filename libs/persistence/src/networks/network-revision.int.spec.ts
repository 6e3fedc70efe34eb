import { FixedIpAlreadyInUse, type Network } from '@novanet/ipam';
import { expect, test, vi } from 'vitest';
import { createNetwork, ip, someInstance } from '../testing/fixtures.js';
import { waitingForLocks } from '../testing/lock-waits.js';
import { scratchIpam } from '../testing/scratch-ipam.js';

const withGateway = (address: string) => (network: Network) => ({
  ...network,
  subnets: network.subnets.map((subnet) => ({ ...subnet, gateway: ip(address) })),
});

test('an address that an instance is about to hold does not become the gateway', async () => {
  const ipam = await scratchIpam();
  const { id, subnets } = await createNetwork(ipam, '10.0.0.0/24');
  const instance = someInstance();
  const isWritten = Promise.withResolvers<void>();
  const isLookedAt = Promise.withResolvers<void>();
  const allocation = ipam.database.transaction(async (manager) => {
    await manager.query(
      `INSERT INTO fixed_ips (subnet_id, address, number, role, instance_uuid, allocated)
       VALUES (?, '10.0.0.9', ?, 'instance', ?, 1)`,
      [subnets[0]?.id, ip('10.0.0.9').value.toString(), instance.uuid],
    );
    isWritten.resolve();
    await isLookedAt.promise;
  });
  await isWritten.promise;
  const another = await ipam.openAnother();
  const revision = Promise.allSettled([another.networks.revise(id, withGateway('10.0.0.9'))]);
  await vi.waitUntil(async () => (await waitingForLocks(ipam)) === 1, { timeout: 10_000, interval: 150 });
  isLookedAt.resolve();
  await allocation;
  const reason = new FixedIpAlreadyInUse('10.0.0.9', instance.uuid);
  expect(await revision).toEqual([{ status: 'rejected', reason }]);
  expect(await ipam.networks.findById(id)).toMatchObject({ subnets: [{ gateway: ip('10.0.0.1') }] });
});

test('a revision that is taken back leaves what others changed meanwhile', async () => {
  const { networks } = await scratchIpam();
  const { id } = await createNetwork({ networks }, '10.0.0.0/24');
  const failed = await networks.revise(id, (network) => ({
    ...withGateway('10.0.0.7')(network),
    mtu: 1400,
    dns1: null,
  }));
  await networks.revise(id, (network) => ({ ...withGateway('10.0.0.8')(network), mtu: 9000 }));
  const after = await networks.takeBack(failed);
  expect(after).toEqual(await networks.findById(id));
  expect(after).toMatchObject({
    mtu: 9000,
    dns1: failed.before.dns1,
    subnets: [{ gateway: ip('10.0.0.8'), dhcpServer: ip('10.0.0.1') }],
  });
});
