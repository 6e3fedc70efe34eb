import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';

import { OsloClient } from '../client/oslo-client.js';
import { closeAfter } from '../testing/close-after.js';
import { RawPeer } from '../testing/raw-peer.js';
import {
  recordingLog,
  startTestWorker,
  testBroker,
  testBus,
  type TestWorker,
} from '../testing/test-worker.js';
import { hexId } from '../wire/hex-id.js';
import { OsloServer } from './oslo-server.js';

const bus = testBus(inject('amqpUrl'));
const patience = { timeout: 10_000, interval: 10 };
let worker: TestWorker;
let peer: RawPeer;
beforeAll(async () => {
  worker = await startTestWorker(bus);
  peer = await RawPeer.open(bus);
});
afterAll(async () => {
  await peer.close();
  await worker.close();
});
beforeEach(() => {
  peer.received.length = 0;
  worker.state.runs.length = 0;
});

/** Comes after everything that was sent before has been dealt with. */
async function nothingMoreComes(): Promise<void> {
  const before = peer.received.length;
  peer.send(peer.request({ method: 'oslo_rpc_server_ping' }));
  await expect
    .poll(() => peer.replies.slice(before).some(({ result }) => result === 'pong'), patience)
    .toBe(true);
  peer.received.splice(
    peer.replies.findIndex(({ result }) => result === 'pong'),
    1,
  );
}

describe('a reply', () => {
  it('has the properties and the form that Python gives it', async () => {
    const request = peer.request();
    peer.send(request);
    await expect.poll(() => peer.received, patience).toHaveLength(1);
    const [message] = peer.received;
    expect(message?.fields).toMatchObject({ exchange: '', routingKey: peer.replyQueue, redelivered: false });
    const given = Object.entries(message?.properties ?? {}).filter(([, value]) => value !== undefined);
    expect(Object.fromEntries(given)).toEqual({
      contentType: 'application/json',
      contentEncoding: 'utf-8',
      deliveryMode: 2,
      priority: 0,
      headers: {},
    });
    const envelope = JSON.parse(message?.content.toString() ?? '');
    expect(envelope).toEqual({ 'oslo.version': '2.0', 'oslo.message': expect.any(String) });
    expect(JSON.parse(envelope['oslo.message'])).toEqual({
      result: { a: 1 },
      failure: null,
      ending: true,
      _msg_id: request['_msg_id'],
      _unique_id: expect.stringMatching(/^[0-9a-f]{32}$/),
    });
  });
});

describe('a request with a peculiarity is answered', () => {
  const ok = { result: { a: 1 }, failure: null };
  const failed = (name: string) => ({ result: null, failure: expect.stringContaining(`"class":"${name}"`) });

  it.each([
    { name: 'no content type', properties: { contentType: undefined }, reply: ok },
    {
      name: 'another content type',
      properties: { contentType: 'application/json; charset=utf-8' },
      reply: ok,
    },
    { name: 'no content encoding', properties: { contentEncoding: undefined }, reply: ok },
    { name: 'more properties', properties: { correlationId: 'c', replyTo: 'r', messageId: 'm' }, reply: ok },
    { name: 'delivery mode 1', properties: { deliveryMode: 1 }, reply: ok },
    { name: 'no unique id', keys: { _unique_id: undefined }, reply: ok },
    { name: 'no version', keys: { version: undefined }, reply: ok },
    { name: 'a short version', keys: { version: '1' }, reply: ok },
    { name: 'a null version', keys: { version: null }, reply: failed('UnsupportedVersion') },
    { name: 'a version that is none', keys: { version: 'abc' }, reply: failed('UnsupportedVersion') },
    { name: 'no arguments', keys: { args: undefined }, reply: { result: {} } },
    { name: 'null for arguments', keys: { args: null }, reply: { result: {} } },
    { name: 'no method', keys: { method: undefined }, reply: failed('TypeError') },
    { name: 'a null namespace', keys: { namespace: null }, reply: ok },
    { name: 'an empty namespace', keys: { namespace: '' }, reply: failed('UnsupportedVersion') },
    { name: 'an unknown key', keys: { odd: 1 }, reply: ok },
    { name: 'heartbeats that would come too often', keys: { _timeout: 0.5 }, reply: ok },
    { name: 'heartbeats every nothing', keys: { _timeout: 'abc' }, reply: ok },
  ])('$name', async ({ keys, properties, reply }) => {
    peer.send(peer.request(keys), properties);
    await expect
      .poll(() => peer.replies, patience)
      .toEqual([expect.objectContaining({ ...reply, ending: true })]);
  });

  it('no envelope', async () => {
    peer.sendBody(peer.request());
    await expect.poll(() => peer.replies, patience).toEqual([expect.objectContaining(ok)]);
  });

  it.each([
    {
      name: 'envelope 3.0',
      body: (inner: unknown) => ({ 'oslo.version': '3.0', 'oslo.message': JSON.stringify(inner) }),
    },
    { name: 'an inner object', body: (inner: unknown) => ({ 'oslo.version': '2.0', 'oslo.message': inner }) },
    { name: 'a message that is cut off', body: (inner: unknown) => JSON.stringify(inner).slice(0, -1) },
  ])('$name, with a failure, where Python lets the caller wait', async ({ body }) => {
    peer.sendBody(body(peer.request()));
    await expect.poll(() => peer.replies, patience).toEqual([expect.objectContaining(failed('ValueError'))]);
  });
});

describe('a message that cannot be answered', () => {
  it.each([
    { name: 'a list', body: '[1, 2]' },
    { name: 'no JSON', body: 'hello' },
    { name: 'nothing', body: '' },
  ])('is dropped: $name', async ({ body }) => {
    peer.sendBody(body);
    await nothingMoreComes();
    expect(peer.replies).toEqual([]);
    expect(worker.log.entries).toContainEqual(
      expect.objectContaining({ message: 'undecodable message dropped' }),
    );
    expect(await peer.channel.checkQueue(bus.topic)).toMatchObject({ messageCount: 0 });
  });

  it.each([
    { name: 'a cast', keys: { _msg_id: undefined, _reply_q: undefined } },
    { name: 'an id without a reply queue', keys: { _reply_q: undefined } },
  ])('is carried out all the same: $name', async ({ keys }) => {
    peer.send(peer.request(keys));
    await expect.poll(() => worker.state.runs, patience).toEqual(['echo {"a":1}']);
    expect(peer.replies).toEqual([]);
  });
});

describe('a caller that asked for heartbeats', () => {
  it('gets no more of them after a refusal: Python sends them for ever', async () => {
    peer.send(peer.request({ method: 'nosuch', _timeout: 1 }));
    peer.send(peer.request({ method: 'slow', args: { secs: 1.2 }, _timeout: 1 }));
    const isHeartbeat = (reply: object) => 'ending' in reply && reply.ending === false;
    await expect.poll(() => peer.replies.filter((reply) => !isHeartbeat(reply)), patience).toHaveLength(2);
    expect(peer.replies.filter(isHeartbeat)).toHaveLength(2);
    expect(peer.replies.at(-1)).toMatchObject({ result: 'slept 1.2', ending: true });
  });
});

describe('a request that comes again', () => {
  it('gets the same answer, and nothing is done twice, while the first is in work', async () => {
    const uniqueId = hexId();
    const first = peer.request({ method: 'slow', args: { secs: 0.5 }, _unique_id: uniqueId });
    const again = peer.request({ method: 'slow', args: { secs: 0.5 }, _unique_id: uniqueId });
    peer.send(first);
    peer.send(again);
    await expect
      .poll(() => new Map(peer.replies.map((reply) => [reply['_msg_id'], reply['result']])), patience)
      .toEqual(
        new Map([
          [first['_msg_id'], 'slept 0.5'],
          [again['_msg_id'], 'slept 0.5'],
        ]),
      );
    expect(worker.state.runs).toEqual(['slow {"secs":0.5}']);
  });

  it('or long after it', async () => {
    const request = peer.request();
    peer.send(request);
    await nothingMoreComes();
    for (let i = 0; i < 1_000; i += 1) peer.send(peer.request({ _msg_id: undefined, _reply_q: undefined }));
    await expect.poll(() => worker.state.runs, patience).toHaveLength(1_001);
    peer.send(request);
    await expect.poll(() => peer.replies, patience).toHaveLength(2);
    expect(peer.replies[1]).toMatchObject({ result: { a: 1 }, _msg_id: request['_msg_id'] });
    expect(worker.state.runs).toHaveLength(1_001);
  });

  it('after a failure, is another attempt', async () => {
    const request = peer.request({ method: 'fail_value', args: {} });
    peer.send(request);
    await expect.poll(() => peer.replies, patience).toHaveLength(1);
    peer.send(request);
    await expect.poll(() => peer.replies, patience).toHaveLength(2);
    expect(worker.state.runs).toHaveLength(2);
  });
});

describe('a reply queue that is not there', () => {
  it('is tried again until it is, and holds nothing up', async () => {
    const late = closeAfter(await RawPeer.open(bus));
    await late.channel.deleteQueue(late.replyQueue);
    const own = testBus(bus.url);
    closeAfter(await startTestWorker(own, { concurrency: 1 }));
    const narrowPeer = closeAfter(await RawPeer.open(own));
    narrowPeer.send(late.request());
    narrowPeer.send(narrowPeer.request());
    await expect.poll(() => narrowPeer.replies, patience).toHaveLength(1);
    expect(late.replies).toEqual([]);
    await late.listen();
    await expect.poll(() => late.replies, patience).toEqual([expect.objectContaining({ result: { a: 1 } })]);
  });
});

describe('a server', () => {
  it.each(['#', '*', 'a b', ''])('refuses to be called "%s"', (host) => {
    const broker = testBroker(bus);
    expect(
      () => new OsloServer({ broker, host, describeError: () => ({ class: '', module: '', message: '' }) }),
    ).toThrow(/is not a host name/);
  });

  it('warns when another serves the same host', async () => {
    const twin = closeAfter(await startTestWorker(bus));
    expect(twin.log.entries).toContainEqual(
      expect.objectContaining({ level: 'warn', message: expect.stringMatching(/two of the same name/) }),
    );
  });

  it('makes its queue anew when somebody deletes it', async () => {
    const own = testBus(bus.url);
    const target = { topic: own.topic };
    const unlucky = closeAfter(await startTestWorker(own));
    const client = closeAfter(new OsloClient({ broker: testBroker(own) }));
    await peer.channel.deleteQueue(own.topic);
    await expect.poll(() => client.call(target, 'echo', { a: 1 }).catch(String), patience).toEqual({ a: 1 });
    await client.fanout(target, 'update_dns');
    await expect.poll(() => unlucky.state.runs, patience).toContain('update_dns {}');
  });

  it('tells the observer what it did, and surrounds handlers', async () => {
    const served: unknown[] = [];
    const around: string[] = [];
    const own = testBus(bus.url);
    closeAfter(
      await startTestWorker(own, {
        observer: { served: ({ seconds, ...request }) => served.push({ ...request, isTimed: seconds > 0 }) },
        around: (context, run) => {
          around.push(`${context.method} ${context.requestId}`);
          return run();
        },
      }),
    );
    const ownPeer = closeAfter(await RawPeer.open(own));
    const request = ownPeer.request();
    for (const each of [
      request,
      request,
      ownPeer.request({ method: 'fail_value' }),
      ownPeer.request({ method: 'x' }),
    ]) {
      ownPeer.send(each);
      const before = ownPeer.received.length;
      await expect.poll(() => ownPeer.received.length, patience).toBeGreaterThan(before);
    }
    expect(served).toEqual([
      { method: 'echo', namespace: null, outcome: 'ok', isTimed: true },
      { method: 'echo', namespace: null, outcome: 'repeated', isTimed: true },
      { method: 'fail_value', namespace: null, outcome: 'failed', isTimed: true },
      { method: '(not declared)', namespace: null, outcome: 'refused', isTimed: true },
    ]);
    expect(around).toEqual(['echo req-1', 'fail_value req-1']);
  });

  it.each([
    {
      name: 'fails itself',
      describeError: () => {
        throw new Error('no idea');
      },
    },
    {
      name: 'says what cannot be sent',
      describeError: () => ({ class: 'C', module: 'm', message: '', kwargs: { x: 1n } }),
    },
  ])('answers with a failure even if the description of an error $name', async ({ describeError }) => {
    const own = testBus(bus.url);
    closeAfter(await startTestWorker(own, { describeError }));
    const ownPeer = closeAfter(await RawPeer.open(own));
    ownPeer.send(ownPeer.request({ method: 'fail_value' }));
    await expect
      .poll(() => ownPeer.replies, patience)
      .toEqual([expect.objectContaining({ failure: expect.stringContaining('bad value') })]);
  });

  it('reports an expected error as information, and another as an error', async () => {
    const own = testBus(bus.url);
    const log = recordingLog();
    const broker = testBroker(own, log);
    const isExpected = (error: unknown) => String(error).includes('bad value');
    closeAfter(await startTestWorker(own, { broker, isExpected }));
    const ownPeer = closeAfter(await RawPeer.open(own));
    ownPeer.send(ownPeer.request({ method: 'fail_value' }));
    await expect.poll(() => ownPeer.received, patience).toHaveLength(1);
    ownPeer.send(ownPeer.request({ method: 'fail_custom' }));
    await expect.poll(() => ownPeer.received, patience).toHaveLength(2);
    const failures = log.entries.filter(({ message }) => message === 'request failed');
    expect(failures.map(({ level }) => level)).toEqual(['info', 'error']);
  });
});
