import { dhcpHost, v4Of } from '@novanet/host-plan/testing';
import { parseDeviceName } from '@novanet/net-address';
import { waitFor } from '@novanet/testbed';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { TestHost } from '../../test/test-host.js';
import { CommandFailed, releaseLease } from '../index.js';

const MAC_A = 'fa:16:3e:00:00:01';
const A = dhcpHost(MAC_A, '10.0.0.3', 'vm-one');

let host: TestHost;
beforeEach(async () => {
  host = await TestHost.create();
});
afterEach(() => host.remove());

const events = (...expected: string[]) =>
  waitFor(async () => JSON.stringify(await host.leaseEvents()) === JSON.stringify(expected), {
    limitMs: 3000,
    what: `the lease events are ${expected.join(', ')}`,
  });

describe('a lease that no plan knows', () => {
  const device = parseDeviceName('br100');

  test('is given up when it is released', async () => {
    await host.converge([{ dhcpHosts: [A] }]);
    await host.plug('vm1', MAC_A);
    expect(await host.askForAddress('vm1')).toBe('10.0.0.3');
    await releaseLease(host.runner, device, A);
    await events('1 add fa:16:3e:00:00:01 10.0.0.3 vm-one', '1 del fa:16:3e:00:00:01 10.0.0.3 vm-one');
  });

  test('cannot be released on a device that does not exist', async () => {
    await expect(releaseLease(host.runner, device, A)).rejects.toThrow(CommandFailed);
  });
});

test('leases of several networks are given up at the first time of asking, each by its own server', async () => {
  const expiresAt = new Date(Date.now() + 3_600_000);
  const leases = (net: number) =>
    Array.from({ length: 10 }, (_, index) =>
      dhcpHost(`fa:16:3e:00:0${net}:1${index}`, `10.0.${net}.1${index}`, 'gone'),
    );
  const network = (net: number) => ({
    id: net,
    bridge: parseDeviceName(`br10${net}`),
    bridgeInterface: undefined,
    v4: v4Of({}, `10.0.${net}.0/24`),
    dhcpHosts: [],
    heldLeases: leases(net).map((lease) => ({ ...lease, expiresAt })),
  });
  const networks = [1, 2, 3].map(network);
  await host.converge(networks);
  await host.converge(networks.map((one) => ({ ...one, heldLeases: [], drainingLeases: leases(one.id) })));
  const ended = async () => (await host.leaseEvents()).filter((event) => event.includes(' del ')).length;
  const limit = { limitMs: 20_000, what: 'every lease is given up' };
  await expect(waitFor(async () => (await ended()) === 30, limit)).resolves.toBe(true);
});
