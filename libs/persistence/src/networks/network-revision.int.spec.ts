import type { Network } from '@novanet/ipam';
import { expect, test } from 'vitest';
import { createNetwork, ip } from '../testing/fixtures.js';
import { scratchIpam } from '../testing/scratch-ipam.js';

const withGateway = (address: string) => (network: Network) => ({
  ...network,
  subnets: network.subnets.map((subnet) => ({ ...subnet, gateway: ip(address) })),
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
