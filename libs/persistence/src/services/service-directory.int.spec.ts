import { isServiceUp } from '@novanet/ipam';
import { expect, test } from 'vitest';
import { host } from '../testing/fixtures.js';
import { scratchIpam } from '../testing/scratch-ipam.js';

test('a heartbeat makes a service known, the next ones are counted', async () => {
  const { services } = await scratchIpam();
  const beat = (name: string, binary: string) =>
    services.beat({ host: host(name), binary, topic: 'network' });
  await beat('net2', 'nova-network');
  await beat('net1', 'nova-network');
  await beat('net1', 'nova-dhcpbridge');
  const [, first] = await services.list();
  await Promise.all([beat('net1', 'nova-network'), beat('net1', 'nova-network')]);
  const list = await services.list();
  expect(list.map((service) => [service.host, service.binary, service.reportCount])).toEqual([
    ['net1', 'nova-dhcpbridge', 1],
    ['net1', 'nova-network', 3],
    ['net2', 'nova-network', 1],
  ]);
  expect(list[1]).toMatchObject({ topic: 'network', isForcedDown: false, createdAt: first?.createdAt });
  expect(Number(list[1]?.lastSeenAt)).toBeGreaterThan(Number(first?.lastSeenAt));
  expect(isServiceUp(list[1]!, new Date(), 60)).toBe(true);
});

test('a service that is forced down stays so while it reports, and one that is removed comes back with it', async () => {
  const { services } = await scratchIpam();
  const net1 = { host: host('net1'), binary: 'nova-network' };
  const beat = () => services.beat({ ...net1, topic: 'network' });
  await beat();
  await services.forceDown(net1, true);
  await beat();
  expect(await services.list()).toMatchObject([{ isForcedDown: true, reportCount: 2 }]);
  await services.forceDown(net1, false);
  expect(await services.list()).toMatchObject([{ isForcedDown: false }]);
  await services.remove(net1);
  expect(await services.list()).toEqual([]);
  const missing = 'Could not find binary nova-network on host net1.';
  await expect(services.remove(net1)).rejects.toThrow(missing);
  await expect(services.forceDown(net1, true)).rejects.toThrow(missing);
  await beat();
  expect(await services.list()).toMatchObject([{ isForcedDown: false, reportCount: 1 }]);
});

test('a service that is disabled stays so while it reports', async () => {
  const { services } = await scratchIpam();
  const net1 = { host: host('net1'), binary: 'nova-network' };
  const beat = () => services.beat({ ...net1, topic: 'network' });
  await beat();
  expect(await services.list()).toMatchObject([{ isDisabled: false, disabledReason: null }]);
  await services.setStatus(net1, { isDisabled: true, disabledReason: 'new disks' });
  await beat();
  const disabled = { isDisabled: true, disabledReason: 'new disks', reportCount: 2 };
  expect(await services.list()).toMatchObject([disabled]);
  await services.setStatus(net1, { isDisabled: false, disabledReason: null });
  expect(await services.list()).toMatchObject([{ isDisabled: false, disabledReason: null }]);
  await expect(
    services.setStatus({ ...net1, host: host('net2') }, { isDisabled: true, disabledReason: null }),
  ).rejects.toThrow('Could not find binary nova-network on host net2.');
});

test('services are numbered as they come, and heartbeats use up no number', async () => {
  const { services } = await scratchIpam();
  const beat = (name: string) =>
    services.beat({ host: host(name), binary: 'nova-network', topic: 'network' });
  for (const name of ['net2', 'net2', 'net2', 'net1', 'net2']) await beat(name);
  const [net1, net2] = await services.list();
  expect(net1?.id).toBe(Number(net2?.id) + 1);
});
