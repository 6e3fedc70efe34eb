import { dhcpHost, v4Of } from '@novanet/host-plan/testing';
import { dhcpLease, waitFor } from '@novanet/testbed';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { TestHost } from '../../test/test-host.js';

const MAC_A = 'fa:16:3e:00:00:01';
const MAC_B = 'fa:16:3e:00:00:02';
const A = dhcpHost(MAC_A, '10.0.0.3', 'vm-one');
const B = dhcpHost(MAC_B, '10.0.0.3', 'vm-two');

let host: TestHost;
beforeEach(async () => {
  host = await TestHost.create();
});
afterEach(() => host.remove());

const serve = (...dhcpHosts: readonly (typeof A)[]) => host.converge([{ dhcpHosts }]);
const events = (...expected: string[]) =>
  waitFor(async () => JSON.stringify(await host.leaseEvents()) === JSON.stringify(expected), {
    limitMs: 3000,
    what: `the lease events are ${expected.join(', ')}`,
  });

describe('an instance', () => {
  test('gets its address, routes, name and MTU, and the lease is reported', async () => {
    await host.converge([{ mtu: 1400 }]);
    await host.plug('vm1', MAC_A);
    const lease = await dhcpLease(host.network.netns('vm1'), 'eth0');
    expect(lease).toMatchObject({
      address: '10.0.0.3',
      prefixLength: 24,
      routers: ['10.0.0.1'],
      nameServers: ['10.0.0.1'],
      leaseSeconds: 86_400,
      server: '10.0.0.1',
      options: expect.objectContaining({
        hostname: 'vm-one',
        domain: 'novalocal',
        mtu: '1400',
        staticroutes: '169.254.169.254/32 10.0.0.1 0.0.0.0/0 10.0.0.1',
      }),
    });
    await events('1 add fa:16:3e:00:00:01 10.0.0.3 vm-one');
  });

  test('that is unknown gets nothing', async () => {
    await serve(A);
    await host.plug('vm1', 'fa:16:3e:99:99:99');
    expect(await host.askForAddress('vm1')).toBeUndefined();
  });

  test.each(['ignore', 'infinite', '12h', '300'])(
    'that is called "%s" in no domain is served like any other',
    async (name) => {
      await host.converge([{ dhcpHosts: [dhcpHost(MAC_A, '10.0.0.3', name)] }], { dhcpDomain: '' });
      await host.plug('vm1', MAC_A);
      expect(await dhcpLease(host.network.netns('vm1'), 'eth0')).toMatchObject({
        address: '10.0.0.3',
        leaseSeconds: 86_400,
        options: expect.objectContaining({ hostname: `host-${name}` }),
      });
    },
  );

  test('that was removed gets nothing any more', async () => {
    await serve(A);
    await host.plug('vm1', MAC_A);
    expect(await host.askForAddress('vm1')).toBe('10.0.0.3');
    await serve();
    expect(await host.askForAddress('vm1')).toBeUndefined();
  });

  test('that comes back gets its old address', async () => {
    await serve(A);
    await host.plug('vm1', MAC_A);
    await serve();
    await serve(A);
    expect(await host.askForAddress('vm1', 1)).toBe('10.0.0.3');
  });

  test(
    'takes over the address of one that left, at its first DISCOVER, every time',
    { timeout: 60_000 },
    async () => {
      await serve(A);
      await host.plug('vm1', MAC_A);
      await host.plug('vm2', MAC_B);
      for (let round = 0; round < 10; round += 1) {
        expect(await host.askForAddress('vm1', 1)).toBe('10.0.0.3');
        await host.converge([{ dhcpHosts: [B], drainingLeases: [A] }]);
        expect(await host.askForAddress('vm2', 1)).toBe('10.0.0.3');
        await host.converge([{ dhcpHosts: [A], drainingLeases: [B] }]);
      }
      // A reload replays the leases that are held (old); the real events come in order.
      const happened = (await host.leaseEvents()).filter((event) => !event.includes(' old '));
      expect(happened.slice(0, 3)).toEqual([
        '1 add fa:16:3e:00:00:01 10.0.0.3 vm-one',
        '1 del fa:16:3e:00:00:01 10.0.0.3 vm-one',
        '1 add fa:16:3e:00:00:02 10.0.0.3 vm-two',
      ]);
    },
  );
});

test('two networks on one bridge serve their own instances', async () => {
  const second = {
    id: 2,
    v4: v4Of({}, '10.0.1.0/24'),
    dhcpHosts: [dhcpHost(MAC_B, '10.0.1.3', 'vm-two')],
  };
  expect((await host.converge([{ dhcpHosts: [A] }, second])).problems).toEqual([]);
  await host.plug('vm1', MAC_A);
  await host.plug('vm2', MAC_B);
  expect(await host.askForAddress('vm1', 1)).toBe('10.0.0.3');
  expect(await host.askForAddress('vm2', 1)).toBe('10.0.1.3');
});
