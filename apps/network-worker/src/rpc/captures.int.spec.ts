import { readFileSync } from 'node:fs';
import { Ipv4 } from '@novanet/net-address';
import { connect, type Channel } from 'amqplib';
import { expect, inject, it, onTestFinished } from 'vitest';
import { capturedRequests, comparable, Renames, type CapturedRequest } from '../testing/captured-requests.js';
import { startWorker, type TestWorker } from '../testing/test-worker.js';

const noSuchInstance = (id: string) => ({
  class: 'InstanceNotFound',
  module: 'nova.exception',
  args: [`Instance ${id} could not be found.`],
  kwargs: { instance_id: id, code: 404 },
});

/** Where we answer otherwise on purpose, and the row of docs/compatibility.md that says so. */
const deliberate: Readonly<Record<string, Difference>> = {
  '06_get_instance_nw_info_unknown_instance': {
    row: '`get_instance_nw_info` of an unknown instance',
    outcome: () => noSuchInstance('00000000-0000-4000-8000-000000000099'),
  },
  '51_get_floating_ips_by_project': {
    row: 'objects in answers',
    outcome: (nova) => ({ ...nova, 'nova_object.version': '1.11' }),
  },
  // nova fails with a TypeError.
  '56_get_vifs_by_instance': {
    row: '`get_vifs_by_instance`',
    outcome: () => noSuchInstance('1'),
  },
  '57_get_vif_by_mac_address': {
    row: 'objects in answers',
    outcome: ({ 'nova_object.data': { tag: _tag, ...data }, ...nova }) => ({
      ...nova,
      'nova_object.version': '1.0',
      'nova_object.data': data,
    }),
  },
};

interface Difference {
  readonly row: string;
  /** Ours, made of nova's. */
  readonly outcome: (nova: VersionedResult) => unknown;
}

type VersionedResult = Readonly<Record<string, unknown>> & {
  readonly 'nova_object.data': Readonly<Record<string, unknown>>;
};

const thirdInstance = 'a8469b18-3f5e-53fd-a507-640a8705ddd6';

/** What is done before a captured request by other means than a captured one; may answer other arguments for it. */
const before: Readonly<Record<string, Preparation>> = {
  '19_deallocate_fixed_ip': async ({ call }) => {
    await call('_rpc_allocate_fixed_ip', { instance_id: thirdInstance, network_id: 1, address: '10.20.0.4' });
  },
  '35_allocate_floating_ip': async ({ callOurs }) => {
    const range = '172.24.4.1-172.24.4.6';
    await callOurs('grow_floating_pool', { pool: 'nova', range, interface: 'pub0' });
  },
  '73_delete_network': async ({ call }) => {
    await call('deallocate_for_instance', { instance: { uuid: thirdInstance } });
  },
  // Free addresses have rows in nova, so that the numbers differ.
  '54_get_fixed_ip': async ({ ipam }) => ({ id: (await ipam.fixedIps.findByAddress(firstAddress))?.id }),
};

type Preparation = (worker: TestWorker) => Promise<Readonly<Record<string, unknown>> | void>;

/** What requests do that nobody answers, or that answer null whatever they did. */
const after: Readonly<Record<string, (worker: TestWorker) => Promise<void>>> = {
  '19_deallocate_fixed_ip': async ({ ipam }) => {
    expect(await ipam.fixedIps.findByAddress(Ipv4.parse('10.20.0.4'))).toBeUndefined();
  },
  '20_lease_fixed_ip': (worker) => expectLease(worker, true),
  '21_release_fixed_ip': (worker) => expectLease(worker, false),
  '22_update_dns': async ({ hosts }) => {
    await expect.poll(() => hosts.asked.at(-1), { timeout: 5_000 }).toBe('refresh');
  },
  '37_associate_floating_ip': async ({ hosts }) => {
    expect(hosts.asked.at(-1)).toBe('carry 172.24.4.1 for 10.20.0.2 on peerhost');
  },
  '43__disassociate_floating_ip': async ({ hosts }) => {
    expect(hosts.asked.at(-1)).toBe('drop 172.24.4.1 on peerhost');
  },
  '64_deallocate_for_instance': async ({ ipam }) => {
    expect(await ipam.fixedIps.findByAddress(firstAddress)).toBeUndefined();
  },
  '73_delete_network': async ({ ipam }) => expect(await ipam.networks.list()).toEqual([]),
};

const firstAddress = Ipv4.parse('10.20.0.2');

async function expectLease({ ipam }: TestWorker, isLeased: boolean): Promise<void> {
  const lease = async () => (await ipam.fixedIps.findByAddress(firstAddress))?.lease ?? null;
  await expect.poll(async () => (await lease()) !== null, { timeout: 5_000 }).toBe(isLeased);
}

it('every captured request of a running nova-network is answered as that answered it', async () => {
  const worker = await startWorker({ host: 'peerhost', public_interface: 'pub0' });
  const caller = await rawCaller(worker);
  const renames = new Renames();
  const [answers, expected]: [unknown[], unknown[]] = [[], []];
  for (const request of capturedRequests()) {
    const { name, message, reply: theirs } = request;
    const args = await before[name]?.(worker);
    const ours = await caller.send(request, renames.apply({ ...message, ...(args && { args }) }));
    if (theirs && ours) {
      renames.learn(theirs['result'], ours['result']);
      const nova = outcomeIn(renames.apply(theirs));
      const wanted = deliberate[name]?.outcome(nova as VersionedResult) ?? nova;
      answers.push([name, outcomeIn(ours)]);
      expected.push([name, wanted]);
    }
    await after[name]?.(worker);
  }
  expect(answers).toEqual(expected);
});

it('every deliberate difference is told to operators', () => {
  const page = readFileSync(new URL('../../../../docs/compatibility.md', import.meta.url), 'utf8');
  const untold = Object.values(deliberate).filter(({ row }) => !page.includes(`| ${row} `));
  expect(untold).toEqual([]);
});

/** The result, or the exception without its traceback. Python's own exceptions have a module for each of its lines. */
function outcomeIn({ failure, result }: Readonly<Record<string, unknown>>): unknown {
  if (typeof failure !== 'string') return comparable(result);
  const { class: name, module, args, kwargs } = JSON.parse(failure) as Record<string, unknown>;
  return { class: name, module: module === 'builtins' ? 'exceptions' : module, args, kwargs };
}

/** Sends messages as they are, and takes the replies. */
async function rawCaller({ exchange, topic }: TestWorker) {
  const connection = await connect(inject('amqpUrl'));
  onTestFinished(() => connection.close());
  const channel: Channel = await connection.createChannel();
  const { queue } = await channel.assertQueue('', { exclusive: true });
  const replies = new Map<unknown, Record<string, unknown>>();
  await channel.consume(queue, (message) => {
    const envelope: { 'oslo.message': string } = JSON.parse(String(message?.content));
    const reply: Record<string, unknown> = JSON.parse(envelope['oslo.message']);
    replies.set(reply['_msg_id'], reply);
  });
  return {
    async send({ name, isFanout, isDirected }: CapturedRequest, message: Readonly<Record<string, unknown>>) {
      const isCall = message['_msg_id'] !== undefined;
      const text = JSON.stringify(isCall ? { ...message, _reply_q: queue } : message);
      const body = JSON.stringify({ 'oslo.version': '2.0', 'oslo.message': text });
      const key = isDirected ? `${topic}.peerhost` : topic;
      channel.publish(isFanout ? `${topic}_fanout` : exchange, key, Buffer.from(body), {
        contentType: 'application/json',
        contentEncoding: 'utf-8',
      });
      if (!isCall) return undefined;
      const id = message['_msg_id'];
      await expect.poll(() => replies.get(id), { message: name, timeout: 10_000 }).toBeDefined();
      return replies.get(id);
    },
  };
}
