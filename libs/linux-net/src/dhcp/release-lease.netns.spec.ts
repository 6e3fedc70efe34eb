import { dhcpHost } from '@novanet/host-plan/testing';
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
