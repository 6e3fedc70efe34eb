import { firstValueFrom, lastValueFrom } from 'rxjs';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';

import { RemoteError, RpcClosed, RpcPublishRefused, RpcTimeout, RpcUndeliverable } from '../errors.js';
import type { SentRequest } from '../rpc-observer.js';
import { closeAfter } from '../testing/close-after.js';
import { RawPeer } from '../testing/raw-peer.js';
import { startTestWorker, testBroker, testBus, type TestWorker } from '../testing/test-worker.js';
import { OsloClient } from './oslo-client.js';

const bus = testBus(inject('amqpUrl'));
const { topic } = bus;
const patience = { timeout: 10_000, interval: 10 };
const sent: string[] = [];
const observer = {
  sent: ({ kind, method, outcome }: SentRequest) => sent.push(`${kind} ${method}: ${outcome}`),
};
const client = new OsloClient({ broker: testBroker(bus), observer });
let worker: TestWorker;
let peer: RawPeer;
beforeAll(async () => {
  worker = await startTestWorker(bus);
  peer = await RawPeer.open(bus);
});
afterAll(async () => {
  await client.close();
  await worker.close();
  await peer.close();
});

describe('a call', () => {
  it('takes milliseconds', async () => {
    const times: number[] = [];
    for (let i = 0; i < 200; i += 1) {
      const startedAt = performance.now();
      expect(await client.call({ topic, server: 'net1' }, 'echo', { i })).toEqual({ i });
      times.push(performance.now() - startedAt);
    }
    const median = times.toSorted((a, b) => a - b)[100];
    // Without noDelay on either end it is 44 ms.
    expect(median).toBeLessThan(10);
  });

  it('finds its own answer among many', async () => {
    const numbers = Array.from({ length: 500 }, (_, i) => ({ i }));
    expect(await Promise.all(numbers.map((args) => client.call({ topic }, 'echo', args)))).toEqual(numbers);
  });

  it('carries a large message in both directions', async () => {
    const args = { text: 'é'.repeat(500_000) };
    expect(await client.call({ topic }, 'echo', args)).toEqual(args);
  });

  it('to a host that nobody serves fails in milliseconds', async () => {
    const startedAt = performance.now();
    const call = client.call({ topic, server: 'nohost' }, 'echo');
    await expect(call).rejects.toBeInstanceOf(RpcUndeliverable);
    await expect(call).rejects.toThrow(
      `no queue takes messages for ${topic}.nohost on exchange ${bus.exchange}`,
    );
    expect(performance.now() - startedAt).toBeLessThan(1_000);
  });

  it('of the same unique id again is answered and not done again', async () => {
    worker.state.runs.length = 0;
    const call = () => client.call({ topic }, 'echo', { lease: 1 }, { uniqueId: 'lease-1' });
    expect(await call()).toEqual({ lease: 1 });
    expect(await call()).toEqual({ lease: 1 });
    expect(worker.state.runs).toEqual(['echo {"lease":1}']);
  });

  it('says what a raised exception was', async () => {
    const error = await client
      .call({ topic }, 'fail_nova', { address: '10.0.0.9' })
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(RemoteError);
    expect(error).toMatchObject({
      className: 'FixedIpNotFoundForAddress',
      moduleName: 'nova.exception',
      kwargs: { address: '10.0.0.9', code: 404 },
    });
  });

  it('to a queue that takes no more fails, and says where to look', async () => {
    const full = `${topic}.full`;
    await peer.channel.assertQueue(full, { exclusive: true, maxLength: 1, overflow: 'reject-publish' });
    await peer.channel.bindQueue(full, bus.exchange, full);
    await client.cast({ topic, server: 'full' }, 'echo');
    const call = client.call({ topic, server: 'full' }, 'echo');
    await expect(call).rejects.toBeInstanceOf(RpcPublishRefused);
    await expect(call).rejects.toThrow(/x-overflow/);
  });
});

describe('a message as it arrives', () => {
  it.each([
    { kind: 'call' as const, expiration: '300' },
    { kind: 'cast' as const, expiration: undefined },
  ])('has the properties that Python gives a $kind', async ({ kind, expiration }) => {
    const raw = await peer.listenTo(`${topic}.raw`);
    const target = { topic, server: 'raw', namespace: 'baseapi', version: '1.1' };
    const options = { timeoutMs: 300, context: { user_id: 'u1' }, uniqueId: 'u' };
    const sending = client[kind](target, 'ping', { arg: 1, absent: undefined }, options);
    const settled = sending.catch((error: unknown) => error);
    const got = await raw.first;
    const given = Object.entries(got.properties).filter(([, value]) => value !== undefined);
    expect(Object.fromEntries(given)).toEqual({
      contentType: 'application/json',
      contentEncoding: 'utf-8',
      deliveryMode: 2,
      priority: 0,
      headers: {},
      ...(expiration !== undefined && { expiration }),
    });
    expect(got.fields).toMatchObject({ exchange: bus.exchange, routingKey: `${topic}.raw` });
    const ofCall = {
      _msg_id: expect.stringMatching(/^[0-9a-f]{32}$/),
      _reply_q: expect.stringMatching(/^reply_/),
      _timeout: null,
    };
    expect(peer.inner(got)).toEqual({
      method: 'ping',
      args: { arg: 1, absent: null },
      namespace: 'baseapi',
      version: '1.1',
      _unique_id: 'u',
      _context_user_id: 'u1',
      ...(kind === 'call' && ofCall),
    });
    expect((await settled) instanceof RpcTimeout).toBe(kind === 'call');
  });

  it('is answered through the reply exchange by servers of old', async () => {
    const old = await peer.listenTo(`${topic}.old`);
    const call = client.call({ topic, server: 'old' }, 'echo');
    const { _msg_id, _reply_q } = peer.inner(await old.first);
    for (const part of [
      { result: 'payload', failure: null },
      { result: null, failure: null, ending: true },
    ]) {
      const body = { 'oslo.version': '2.0', 'oslo.message': JSON.stringify({ ...part, _msg_id }) };
      peer.channel.publish(String(_reply_q), String(_reply_q), Buffer.from(JSON.stringify(body)));
    }
    expect(await call).toBe('payload');
  });
});

describe('a cast', () => {
  it('to nobody is lost, unless it has to be delivered', async () => {
    await client.cast({ topic, server: 'nohost' }, 'echo');
    const cast = client.cast({ topic, server: 'nohost' }, 'echo', {}, { isMandatory: true });
    await expect(cast).rejects.toBeInstanceOf(RpcUndeliverable);
  });
});

describe("as Nest's client it", () => {
  const pattern = { target: { topic }, method: 'echo' };

  it('sends', async () => {
    expect(await firstValueFrom(client.send(pattern, { a: 1 }))).toEqual({ a: 1 });
  });

  it('fails', async () => {
    const failing = firstValueFrom(client.send({ ...pattern, method: 'fail_value' }, {}));
    await expect(failing).rejects.toBeInstanceOf(RemoteError);
    await expect(firstValueFrom(client.send('echo', {}))).rejects.toBeInstanceOf(TypeError);
  });

  it('emits to one and to all', async () => {
    const other = closeAfter(await startTestWorker(bus, { host: 'net2' }));
    worker.state.runs.length = 0;
    await lastValueFrom(client.emit({ ...pattern, method: 'update_dns' }, { n: 1 }), { defaultValue: null });
    await lastValueFrom(client.emit({ ...pattern, method: 'update_dns', isFanout: true }, { n: 2 }), {
      defaultValue: null,
    });
    const runs = () => [...worker.state.runs, ...other.state.runs].toSorted();
    await expect
      .poll(runs, patience)
      .toEqual(['update_dns {"n":1}', 'update_dns {"n":2}', 'update_dns {"n":2}']);
  });
});

describe('the observer', () => {
  it('hears how each ended', async () => {
    sent.length = 0;
    await client.call({ topic }, 'echo');
    await client.call({ topic }, 'fail_value').catch(() => undefined);
    await client.call({ topic, server: 'nohost' }, 'echo').catch(() => undefined);
    await client.call({ topic }, 'slow', { secs: 0.3 }, { timeoutMs: 50 }).catch(() => undefined);
    await client.fanout({ topic }, 'update_dns');
    expect(sent).toEqual([
      'call echo: ok',
      'call fail_value: remote error',
      'call echo: undeliverable',
      'call slow: timeout',
      'fanout update_dns: ok',
    ]);
  });
});

describe('a reply queue that somebody deletes', () => {
  it('is made anew, under the same name', async () => {
    const unlucky = closeAfter(new OsloClient({ broker: testBroker(bus) }));
    const listener = await peer.listenTo(`${topic}.listener`);
    unlucky.call({ topic, server: 'listener' }, 'echo').catch(() => undefined);
    const { _reply_q: queue } = peer.inner(await listener.first);
    await peer.channel.deleteQueue(String(queue));
    expect(await unlucky.call({ topic }, 'echo', { a: 1 })).toEqual({ a: 1 });
  });
});

describe('a client that closes', () => {
  it('fails what still waits, takes no more, and leaves no queue', async () => {
    const closing = closeAfter(new OsloClient({ broker: testBroker(bus) }));
    await closing.call({ topic }, 'echo');
    expect(closing.isConnected).toBe(true);
    const waiting = closing.call({ topic }, 'slow', { secs: 0.2 });
    const failure = waiting.catch((error: unknown) => error);
    await Promise.all([closing.close(), closing.close()]);
    expect(await failure).toBeInstanceOf(RpcClosed);
    expect(closing.isConnected).toBe(false);
    await expect(closing.call({ topic }, 'echo')).rejects.toBeInstanceOf(RpcClosed);
  });

  it('may close without ever having connected', async () => {
    await expect(new OsloClient({ broker: testBroker(bus) }).close()).resolves.toBeUndefined();
  });
});
