import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { NetworkDict } from '@novanet/contracts';
import { NetworkHostUnavailable } from '@novanet/ipam';
import { parseHostName } from '@novanet/net-address';
import { DeleteNetwork, HostSetupFailed } from '@novanet/network-managers';
import { connect } from 'amqplib';
import { describe, expect, inject, it, onTestFinished } from 'vitest';
import { addressOf, allocate, createNetwork, failureOf } from '../testing/requests.js';
import { startWorker } from '../testing/test-worker.js';

const probe = fileURLToPath(new URL('../../../../libs/testbed/python/oslo_probe.py', import.meta.url));
const captures = fileURLToPath(new URL('../../../../libs/messaging/fixtures/captures/', import.meta.url));

describe('networks', () => {
  it('are created, listed, shown and deleted', async () => {
    const worker = await startWorker();
    const created = await createNetwork(worker);
    expect(created).toMatchObject({
      label: 'private',
      cidr: '10.0.0.0/24',
      gateway: '10.0.0.1',
      dhcp_server: '10.0.0.1',
      dhcp_start: '10.0.0.2',
      bridge: 'br100',
      host: null,
    });
    expect(await worker.call('get_all_networks')).toEqual([created]);
    const shown = await worker.call('get_network', { network_uuid: created.uuid });
    expect(shown).toMatchObject({
      'nova_object.name': 'Network',
      'nova_object.data': { uuid: created.uuid },
    });
    await worker.call('delete_network', { uuid: created.uuid, fixed_range: null });
    expect(await worker.call('get_all_networks')).toEqual([]);
    expect(await failureOf(worker.call('get_network', { network_uuid: created.uuid }))).toContain(
      'NetworkNotFoundForUUID',
    );
  });

  it('are created and deleted once when the request comes twice, also to another process', async () => {
    const worker = await startWorker();
    const uniqueId = randomUUID().replaceAll('-', '');
    const args = { label: 'private', cidr: '10.0.0.0/24' };
    const first = await worker.call('create_networks', args, { uniqueId });
    // Another process has no memory of the request, only the database.
    const second = await worker.ipam.networks.create(
      () => {
        throw new Error('planned again');
      },
      { requestId: uniqueId },
    );
    const uuids = (first as NetworkDict[]).map(({ uuid }) => uuid);
    expect(second.map((network) => network.uuid)).toEqual(uuids);
    const removal = new DeleteNetwork(
      worker.ipam.networks,
      worker.ipam.fixedIps,
      worker.hosts,
      () => undefined,
    );
    const gone = { uuid: uuids[0] ?? '' };
    await removal.run(gone, 'd'.repeat(32));
    await removal.run(gone, 'd'.repeat(32));
    await expect(removal.run(gone, 'e'.repeat(32))).rejects.toThrow('could not be found');
  });

  it('belong to the worker that claims them first', async () => {
    const worker = await startWorker();
    const { id } = await createNetwork(worker);
    await worker.ipam.networks.claimHost(id, parseHostName('h2'));
    expect(await worker.call('set_network_host', { network_ref: { id } })).toBe('h2');
  });

  it('that are in use cannot be deleted', async () => {
    const worker = await startWorker();
    const { uuid } = await createNetwork(worker);
    await allocate(worker, randomUUID());
    expect(await failureOf(worker.call('delete_network', { uuid }))).toContain('NetworkInUse');
  });

  it('are taken off their host when they are deleted, and it does not matter when that is down', async () => {
    const worker = await startWorker();
    const { uuid } = await createNetwork(worker);
    const instance = randomUUID();
    await allocate(worker, instance);
    await worker.call('deallocate_for_instance', { instance: { uuid: instance } });
    worker.hosts.asked.length = 0;
    worker.hosts.failure = new NetworkHostUnavailable('h1', 'down');
    await worker.call('delete_network', { uuid });
    expect(worker.hosts.asked).toEqual(['tear down on h1']);
  });
});

describe('an instance', () => {
  it('gets the lowest address, the next one the next', async () => {
    const worker = await startWorker();
    await createNetwork(worker);
    expect(addressOf(await allocate(worker, randomUUID()))).toBe('10.0.0.2');
    expect(addressOf(await allocate(worker, randomUUID()))).toBe('10.0.0.3');
    expect(worker.hosts.asked).toEqual(['set up private on h1', 'set up private on h1']);
  });

  it('keeps what it has when it is allocated again', async () => {
    const worker = await startWorker();
    await createNetwork(worker);
    const uuid = randomUUID();
    const first = await allocate(worker, uuid);
    expect(await allocate(worker, uuid)).toEqual(first);
    expect(await worker.call('get_instance_nw_info', { instance_id: uuid })).toEqual(first);
  });

  it('is answered all its NICs when it gets one more, and none more unless asked for', async () => {
    const worker = await startWorker();
    await createNetwork(worker);
    const uuid = randomUUID();
    const first = await allocate(worker, uuid);
    const more = await createNetwork(worker, { label: 'more', cidr: '10.1.0.0/24' });
    expect(await allocate(worker, uuid)).toEqual(first);
    const both = await allocate(worker, uuid, { requested_networks: [[more.uuid, null]] });
    expect(both.map((vif) => vif.network.label)).toEqual(['private', 'more']);
  });

  it('keeps what another request was answered when this one fails', async () => {
    const worker = await startWorker();
    await createNetwork(worker);
    const uuid = randomUUID();
    const first = await allocate(worker, uuid);
    worker.hosts.failure = new HostSetupFailed('h1', 'private', ['no such device']);
    expect(await failureOf(allocate(worker, uuid))).toContain('HostSetupFailed');
    expect(await worker.call('get_instance_nw_info', { instance_id: uuid })).toEqual(first);
  });

  it('gets a NIC in each of several networks, in the order asked for', async () => {
    const worker = await startWorker();
    await createNetwork(worker, { label: 'front' });
    const back = await createNetwork(worker, { label: 'back', cidr: '10.1.0.0/24', bridge: 'br101' });
    const front = ((await worker.call('get_all_networks')) as NetworkDict[]).find(
      ({ label }) => label === 'front',
    );
    const info = await allocate(worker, randomUUID(), {
      requested_networks: [
        [back.uuid, '10.1.0.9'],
        [front?.uuid, null],
      ],
      macs: ['fa:16:3e:00:00:01', 'fa:16:3e:00:00:02'],
    });
    expect(
      info.map((vif) => [vif.address, vif.network.label, vif.network.subnets[0].ips[0]?.address]),
    ).toEqual([
      ['fa:16:3e:00:00:01', 'back', '10.1.0.9'],
      ['fa:16:3e:00:00:02', 'front', '10.0.0.2'],
    ]);
  });

  it('leaves the database as it was when its host cannot set the network up', async () => {
    const worker = await startWorker();
    await createNetwork(worker);
    worker.hosts.failure = new HostSetupFailed('h1', 'private', ['device eth9 does not exist']);
    const uuid = randomUUID();
    expect(await failureOf(allocate(worker, uuid))).toContain('device eth9 does not exist');
    expect(await worker.ipam.fixedIps.nicsOf(uuid)).toEqual([]);
    worker.hosts.failure = undefined;
    expect(addressOf(await allocate(worker, uuid))).toMatch(/^10\.0\.0\./);
  });

  it('keeps its first NIC when the second one fails', async () => {
    const worker = await startWorker();
    await createNetwork(worker);
    const uuid = randomUUID();
    const first = await allocate(worker, uuid);
    const more = await createNetwork(worker, { label: 'more', cidr: '10.1.0.0/24' });
    worker.hosts.failure = new HostSetupFailed('h1', 'more', ['no such device']);
    const wish = { requested_networks: [[more.uuid, null]] };
    expect(await failureOf(allocate(worker, uuid, wish))).toContain('HostSetupFailed');
    expect(await worker.call('get_instance_nw_info', { instance_id: uuid })).toEqual(first);
  });

  it('is refused before anything is written when the host of its network is down', async () => {
    const worker = await startWorker();
    const { id } = await createNetwork(worker);
    await worker.ipam.networks.claimHost(id, parseHostName('h9'));
    const uuid = randomUUID();
    expect(await failureOf(allocate(worker, uuid))).toContain('NetworkHostUnavailable');
    expect(await worker.ipam.instances.find(uuid)).toBeUndefined();
  });

  it('gives everything back, and its address is free again', async () => {
    const worker = await startWorker();
    await createNetwork(worker);
    const uuid = randomUUID();
    const address = addressOf(await allocate(worker, uuid));
    await worker.call('deallocate_for_instance', { instance: { uuid }, requested_networks: null });
    await worker.call('deallocate_for_instance', { instance: { uuid }, requested_networks: null });
    expect(await worker.call('get_instance_nw_info', { instance_id: uuid })).toEqual([]);
    expect(await failureOf(worker.call('get_fixed_ip_by_address', { address }))).toContain(
      'FixedIpNotFoundForAddress',
    );
  });

  it('gives back its addresses also when its host is down', async () => {
    const worker = await startWorker();
    await createNetwork(worker);
    const uuid = randomUUID();
    await allocate(worker, uuid);
    worker.hosts.failure = new NetworkHostUnavailable('h1', 'down');
    await worker.call('deallocate_for_instance', { instance: { uuid } });
    expect(await worker.ipam.fixedIps.nicsOf(uuid)).toEqual([]);
  });

  it("is not found by a number: that is the compute service's own", async () => {
    const worker = await startWorker();
    await createNetwork(worker);
    const uuid = randomUUID();
    const first = await allocate(worker, uuid);
    const byNumber = { instance_id: 1, host: 'compute1', project_id: 'p' };
    expect(await failureOf(worker.call('deallocate_for_instance', byNumber))).toContain('InstanceNotFound');
    expect(await worker.call('get_instance_nw_info', { instance_id: uuid })).toEqual(first);
  });

  it('is registered and removed by its compute service', async () => {
    const worker = await startWorker();
    const uuid = randomUUID();
    const target = { topic: worker.topic, namespace: 'novanet', version: '1.0' };
    const put = { instance: { uuid, project_id: 'p', hostname: 'web', meta: { role: 'front' } } };
    expect(await worker.client.call(target, 'put_instance', put)).toMatchObject({
      hostname: 'web',
      registered: true,
    });
    expect(await worker.call('get_instance_nw_info', { instance_id: uuid })).toEqual([]);
    await worker.client.call(target, 'delete_instance', { uuid });
    expect(await failureOf(worker.call('get_instance_nw_info', { instance_id: uuid }))).toContain(
      'InstanceNotFound',
    );
  });
});

describe('an address', () => {
  it('is shown to its project and to administrators only', async () => {
    const worker = await startWorker();
    await createNetwork(worker);
    const address = addressOf(await allocate(worker, randomUUID()));
    const ask = (project_id: string) => {
      const context = { user_id: 'u', project_id, is_admin: false };
      const target = { topic: worker.topic, version: '1.0' };
      return worker.client.call(target, 'get_fixed_ip_by_address', { address }, { context });
    };
    expect(await ask('p')).toMatchObject({ 'nova_object.data': { address } });
    expect(await failureOf(ask('other'))).toContain('Forbidden: Not authorized.');
  });
});

describe('refusals', () => {
  const nowhere = '00000000-0000-4000-8000-000000000001';

  it.each([
    [
      'no network at all is found',
      { requested_networks: [[nowhere, null]] },
      'NoNetworksFound: No networks defined.',
    ],
    ['an address is none', { wish: 'bogus' }, 'FixedIpInvalid: Fixed IP address bogus is invalid.'],
    ['an address is of another network', { wish: '10.9.0.1' }, 'FixedIpNotFoundForNetwork'],
    ['an address is the gateway', { wish: '10.0.0.1' }, 'FixedIpNotFoundForNetwork'],
    [
      'an address is held',
      { wish: '10.0.0.2' },
      'FixedIpAlreadyInUse: Fixed IP address 10.0.0.2 is already in use',
    ],
    ['the uuid is none', { instance_id: 'mine' }, 'InvalidUUID: Expected a uuid but received mine.'],
    ['a MAC is none', { macs: ['00:11'] }, 'InvalidInput'],
    ['there are too few MACs', { macs: [] }, 'VirtualInterfaceCreateException'],
    ['a MAC is taken', { macs: ['fa:16:3e:00:00:01'] }, 'VirtualInterfaceMacAddressException'],
    ['an argument has the wrong type', { macs: 'fa:16:3e:00:00:01' }, 'TypeError: allocate_for_instance()'],
  ])('say so when %s', async (_name, { wish, ...args }: Record<string, unknown>, text) => {
    const worker = await startWorker();
    const { uuid } = await createNetwork(worker);
    await allocate(worker, randomUUID(), { macs: ['fa:16:3e:00:00:01'] });
    const wishes = wish === undefined ? {} : { requested_networks: [[uuid, wish]] };
    expect(await failureOf(allocate(worker, randomUUID(), { ...wishes, ...args }))).toContain(text);
  });

  it('say so when no address is left, and take nothing', async () => {
    const worker = await startWorker();
    await createNetwork(worker, { cidr: '10.0.0.0/29' });
    const instances = Array.from({ length: 5 }, () => randomUUID());
    for (const uuid of instances) await allocate(worker, uuid);
    const late = randomUUID();
    expect(await failureOf(allocate(worker, late))).toContain('NoMoreFixedIps');
    expect(await worker.ipam.fixedIps.nicsOf(late)).toEqual([]);
  });

  it('say so when the project has its share', async () => {
    const worker = await startWorker({ quota_fixed_ips: '1' });
    await createNetwork(worker);
    await allocate(worker, randomUUID());
    expect(await failureOf(allocate(worker, randomUUID()))).toContain('FixedIpLimitExceeded');
  });
});

describe('lease events', () => {
  it('of the holder are recorded, of anybody else change nothing', async () => {
    const worker = await startWorker();
    const network = await createNetwork(worker);
    const mac = 'fa:16:3e:00:00:01';
    const address = addressOf(await allocate(worker, randomUUID(), { macs: [mac] }));
    const state = async () => {
      const answer = await worker.call('get_fixed_ip_by_address', { address });
      return (answer as { 'nova_object.data': { leased: boolean } })['nova_object.data'].leased;
    };
    await worker.call('lease_fixed_ip', { address, mac: 'fa:16:3e:00:00:99' });
    expect(await state()).toBe(false);
    expect(worker.ended).toEqual([`${address} fa:16:3e:00:00:99`]);
    await worker.call('lease_fixed_ip', { address, mac, expires_at: 1_900_000_000 });
    expect(await state()).toBe(true);
    expect(await worker.call('get_dhcp_leases', { network_ref: { id: network.id } })).toMatch(
      /^1900000000 fa:16:3e:00:00:01 10\.0\.0\.2 server-\S+ \*\n?$/,
    );
    await worker.call('release_fixed_ip', { address, mac: 'fa:16:3e:00:00:99' });
    expect(await state()).toBe(true);
    await worker.call('release_fixed_ip', { address, mac });
    expect(await state()).toBe(false);
  });

  it('that come when the instance is gone make dnsmasq give the lease up', async () => {
    const worker = await startWorker();
    await createNetwork(worker);
    const [uuid, mac] = [randomUUID(), 'fa:16:3e:00:00:01'];
    const address = addressOf(await allocate(worker, uuid, { macs: [mac] }));
    await worker.call('deallocate_for_instance', { instance: { uuid } });
    await worker.call('lease_fixed_ip', { address, mac });
    expect(worker.ended).toEqual(['10.0.0.2 fa:16:3e:00:00:01']);
  });

  it('free a deallocated address', async () => {
    const worker = await startWorker();
    await createNetwork(worker);
    const [uuid, mac] = [randomUUID(), 'fa:16:3e:00:00:01'];
    const address = addressOf(await allocate(worker, uuid, { macs: [mac] }));
    await worker.call('lease_fixed_ip', { address, mac });
    await worker.call('deallocate_for_instance', { instance: { uuid } });
    expect(await worker.call('get_fixed_ip_by_address', { address })).toMatchObject({
      'nova_object.data': { allocated: false, leased: true },
    });
    await worker.call('release_fixed_ip', { address, mac });
    expect(await failureOf(worker.call('get_fixed_ip_by_address', { address }))).toContain('FixedIpNotFound');
  });
});

describe("Python's oslo.messaging", () => {
  it.each([
    [
      'ping',
      { arg: 'x' },
      ['--namespace', 'baseapi', '--version', '1.0'],
      '{"arg": "x", "service": "network"}',
    ],
    [
      'create_networks',
      { label: 'n', cidr: 'bogus' },
      [],
      'nova.exception.InvalidCidr: bogus is not a valid IP network.',
    ],
    ['get_network', { network_uuid: 'x' }, [], 'nova.exception.NetworkNotFoundForUUID'],
    ['get_network', {}, [], 'builtins.TypeError: get_network(): network_uuid'],
    ['no_such_method', {}, [], 'NoSuchMethod: Endpoint does not support RPC method no_such_method'],
    [
      'get_all_networks',
      {},
      ['--version', '2.0'],
      'UnsupportedVersion: Endpoint does not support RPC version 2.0.',
    ],
  ])('%s %j gets its answer', async (method, args, options, text) => {
    const { exchange, topic } = await startWorker();
    const command = [
      '--url',
      inject('amqpUrl'),
      '--exchange',
      exchange,
      '--topic',
      topic,
      '--method',
      method,
    ];
    const run = promisify(execFile)('/usr/bin/python3', [
      probe,
      ...command,
      '--args',
      JSON.stringify(args),
      ...options,
    ]);
    const { stdout } = await run.catch((error: unknown) => error as { stdout: string });
    expect(stdout).toContain(text);
  });
});

/** What this worker does not answer yet is no reason to fail here: the table says which methods count. */
const answered = new Set([
  'allocate_for_instance',
  'create_networks',
  'deallocate_for_instance',
  'delete_network',
  'get_all_networks',
  'get_instance_nw_info',
  'get_network',
  'lease_fixed_ip',
  'ping',
  'release_fixed_ip',
  'set_network_host',
  'setup_networks_on_host',
]);

interface Capture {
  readonly messages: readonly {
    readonly kind: string;
    readonly body: { readonly 'oslo.version': string };
    readonly 'oslo.message decoded': Record<string, unknown> & {
      readonly method?: string;
      readonly result?: unknown;
    };
  }[];
}

describe('captured requests of a running nova-network', () => {
  it('are accepted as they are, and answered with the same keys', async () => {
    const worker = await startWorker({ flat_network_dns: '8.8.4.4' });
    const connection = await connect(inject('amqpUrl'));
    onTestFinished(() => connection.close());
    const channel = await connection.createChannel();
    const { queue } = await channel.assertQueue('', { exclusive: true });
    const replies = new Map<unknown, Record<string, unknown>>();
    await channel.consume(queue, (message) => {
      const { 'oslo.message': text } = JSON.parse(message?.content.toString() ?? '{}') as {
        'oslo.message': string;
      };
      const reply = JSON.parse(text) as Record<string, unknown>;
      replies.set(reply['_msg_id'], reply);
    });
    const known = new Map<string, string>();
    const renamed = (text: string) => [...known].reduce((all, [from, to]) => all.replaceAll(from, to), text);
    for (const file of readdirSync(captures).toSorted()) {
      const capture = JSON.parse(readFileSync(captures + file, 'utf8')) as Capture;
      const [request, ...others] = capture.messages ?? [];
      const asked = request?.['oslo.message decoded'];
      // A floating IP stands in its answer, which this worker cannot associate.
      if (file.includes('with_floating')) continue;
      if (!asked || !answered.has(asked.method ?? '') || asked['_msg_id'] === undefined) continue;
      const text = renamed(JSON.stringify({ ...asked, _reply_q: queue }));
      const body = { 'oslo.version': '2.0', 'oslo.message': text };
      channel.publish(worker.exchange, worker.topic, Buffer.from(JSON.stringify(body)), {
        contentType: 'application/json',
        contentEncoding: 'utf-8',
      });
      await expect.poll(() => replies.get(asked['_msg_id']), { message: file, timeout: 5000 }).toBeDefined();
      const wanted = others.find(
        (message) => message['oslo.message decoded']['_msg_id'] === asked['_msg_id'],
      );
      const reply = replies.get(asked['_msg_id']) ?? {};
      learn(known, wanted?.['oslo.message decoded'].result, reply['result']);
      expect.soft({ file, shape: shapeOf(reply) }).toEqual({
        file,
        shape: deliberate[file] ?? shapeOf(wanted?.['oslo.message decoded'] ?? {}),
      });
    }
  });
});

/** Where we answer otherwise on purpose (docs/compatibility.md). */
const deliberate: Readonly<Record<string, unknown>> = {
  '06_get_instance_nw_info_unknown_instance.json': { failure: 'InstanceNotFound' },
};

/** A captured network's uuid stands for that of ours. */
function learn(known: Map<string, string>, theirs: unknown, ours: unknown): void {
  if (!Array.isArray(theirs) || !Array.isArray(ours)) return;
  const [their, our] = [theirs[0], ours[0]] as [{ uuid?: string } | undefined, { uuid?: string } | undefined];
  if (their?.uuid && our?.uuid) known.set(their.uuid, our.uuid);
}

function shapeOf(reply: Record<string, unknown>): unknown {
  const failure = reply['failure'];
  if (typeof failure === 'string') return { failure: (JSON.parse(failure) as { class: string }).class };
  return typesOf(reply['result']);
}

/** Every key, and the type of every value; null and a text may stand for each other. */
function typesOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => typesOf(item));
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, typesOf(inner)]));
  }
  return value === null || typeof value === 'string' ? 'text or null' : typeof value;
}
