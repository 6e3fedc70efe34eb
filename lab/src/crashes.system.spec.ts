import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import type { NetworkInfo } from '@novanet/contracts';
import { OsloBroker, OsloClient } from '@novanet/messaging';
import { runCommand, tryCommand, waitFor } from '@novanet/testbed';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';

import type { LabStatus } from './lifecycle/status.js';
import { lab, statusOf } from './testing/run-lab.js';

const name = 'syscrash';
const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
const network = { topic: 'network', version: '1.0' };
let status: LabStatus;

beforeAll(async () => {
  await lab('up', '--lab', name, '--detach');
  status = await statusOf(name);
});
afterAll(() => lab('down', '--lab', name));

/** A compute service, as the broker sees it. */
function caller(): OsloClient {
  const broker = new OsloBroker({ transportUrl: status.amqp_url, serviceName: 'test', log: silent });
  const client = new OsloClient({ broker, timeoutMs: 60_000 });
  onTestFinished(() => client.close());
  return client;
}

/** The fixed IP as the worker sees it, or why not. */
async function fixedIp(client: OsloClient, address: string): Promise<Record<string, unknown>> {
  const answer = await client
    .call(network, 'get_fixed_ip_by_address', { address })
    .catch((error: unknown) => error);
  return (
    (answer as { 'nova_object.data'?: Record<string, unknown> })['nova_object.data'] ?? {
      error: String(answer),
    }
  );
}

function waitForLease(
  client: OsloClient,
  address: string,
  isMeant: (row: Record<string, unknown>) => boolean,
) {
  return waitFor(async () => isMeant(await fixedIp(client, address)), {
    limitMs: 20_000,
    everyMs: 100,
    what: `the fixed IP ${address} is as expected`,
  });
}

async function boot(instance: string): Promise<{ netns: string; address: string; mac: string }> {
  const booted = JSON.parse(await lab('boot', instance, '--lab', name, '--json')) as {
    netns: string;
    network_info: NetworkInfo;
  };
  const [vif] = booted.network_info;
  return {
    netns: booted.netns,
    address: String(vif?.network.subnets[0].ips[0]?.address),
    mac: vif?.address ?? '',
  };
}

const spool = () => join(status.state_dir, 'state/h1/spool');
const waiting = () => readdirSync(spool()).filter((file) => /^\d/.test(file));

describe('a worker killed in the middle of fifty allocations', () => {
  it('leaves every caller with an answer, and every address with one holder', async () => {
    const client = caller();
    await client.call(network, 'get_all_networks');
    const uuids = Array.from({ length: 50 }, () => randomUUID());
    const pid = Number(/\d+/.exec(readFileSync(join(status.state_dir, 'log/h1-worker.pid'), 'utf8'))?.[0]);
    onTestFinished(() => lab('start', 'h1', 'worker', '--lab', name).then(() => undefined));
    const { promise: killed, resolve } = Promise.withResolvers<number>();
    let answers = 0;
    const calls = uuids.map(async (uuid) => {
      const args = { instance_id: uuid, project_id: 'p', host: 'h1', requested_networks: null, macs: null };
      const info = (await client.call(network, 'allocate_for_instance', args)) as NetworkInfo;
      answers += 1;
      if (answers === 1) {
        process.kill(pid, 'SIGKILL');
        // What it had answered by then may still be on its way to us.
        setTimeout(() => resolve(answers), 200);
      }
      return info[0]?.network.subnets[0].ips[0]?.address;
    });
    const answered = Promise.all(calls);
    expect(await killed).toBeLessThan(50);
    await lab('start', 'h1', 'worker', '--lab', name);
    const addresses = await answered;
    expect(new Set(addresses).size).toBe(50);
    const held = await Promise.all(addresses.map((address) => fixedIp(client, String(address))));
    expect(held.map((row) => row['instance_uuid'])).toEqual(uuids);
    for (const uuid of uuids) await client.call(network, 'deallocate_for_instance', { instance: { uuid } });
    expect(await fixedIp(client, String(addresses[0]))).toMatchObject({
      error: expect.stringContaining('not found'),
    });
  });
});

describe('a lease', () => {
  it('is known when the client has it, and given back when the instance goes', async () => {
    const client = caller();
    const { netns, address, mac } = await boot('leased');
    await waitForLease(client, address, (row) => row['leased'] === true);
    // A NIC of the same MAC stays on the bridge, to see that nobody answers it any more.
    await lab('delete', 'leased', '--lab', name);
    expect((await tryCommand(['ip', 'netns', 'pids', netns])).stdout).toBe('');
    await waitForLease(client, address, (row) => String(row['error']).includes('not found'));
    expect(await offerTo(mac)).toBe('none');
  });

  it('that is renewed while the broker is away is told afterwards', async () => {
    const client = caller();
    const { netns, address } = await boot('renewing');
    await waitForLease(client, address, (row) => row['leased'] === true);
    const before = await fixedIp(client, address);
    await lab('stop', 'broker', '--lab', name);
    // The row's time has seconds.
    await delay(1_100);
    await runCommand([
      'ip',
      'netns',
      'exec',
      netns,
      'udhcpc',
      '-i',
      'eth0',
      '-nqf',
      '-s',
      '/bin/true',
      '-r',
      address,
    ]);
    expect(waiting().length).toBeGreaterThan(0);
    await lab('start', 'broker', '--lab', name);
    await waitFor(async () => waiting().length === 0, {
      limitMs: 30_000,
      everyMs: 100,
      what: 'the spool is empty',
    });
    await waitForLease(
      client,
      address,
      (row) => row['updated_at'] !== before['updated_at'] && row['leased'] === true,
    );
  });
});

/** What dnsmasq answers a client with this MAC that asks on the bridge of the host. */
async function offerTo(mac: string): Promise<string> {
  const [host] = status.hosts;
  const [inside, outer] = [`nvn-${name}-probe`, 'tapprobe'];
  const inHost = ['ip', 'netns', 'exec', host?.netns ?? ''];
  await runCommand(['ip', 'netns', 'add', inside]);
  onTestFinished(async () => {
    await tryCommand(['ip', 'netns', 'del', inside]);
  });
  await runCommand([
    ...inHost,
    'ip',
    'link',
    'add',
    outer,
    'type',
    'veth',
    'peer',
    'name',
    'eth0',
    'netns',
    inside,
  ]);
  await runCommand([...inHost, 'ip', 'link', 'set', outer, 'master', 'br100', 'up']);
  await runCommand(['ip', '-n', inside, 'link', 'set', 'eth0', 'address', mac, 'up']);
  const ask = [
    'ip',
    'netns',
    'exec',
    inside,
    'udhcpc',
    '-i',
    'eth0',
    '-nqf',
    '-s',
    '/bin/true',
    '-t',
    '3',
    '-T',
    '1',
  ];
  const { stdout, stderr } = await tryCommand(ask);
  return /lease of (\S+) obtained/.exec(stdout + stderr)?.[1] ?? 'none';
}
