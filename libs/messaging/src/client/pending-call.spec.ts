import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { RemoteError, RpcTimeout } from '../errors.js';
import { PendingCall, type PendingCallOptions } from './pending-call.js';

const message = { messageId: 'm1', result: null, failure: undefined, isEnding: false };
const heartbeat = message;
const ending = { ...message, isEnding: true };

function pendingCall(options: Partial<PendingCallOptions> = {}): PendingCall {
  return new PendingCall({
    method: 'echo',
    destination: 'network.net1',
    messageId: 'm1',
    timeoutMs: 10_000,
    isConnected: () => true,
    ...options,
  });
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('a call ends', () => {
  it('with the one message of a server since oslo.messaging 4.0', async () => {
    const call = pendingCall();
    expect(call.accept({ ...ending, result: { a: 1 } })).toBe(true);
    expect(await call.answer).toEqual({ a: 1 });
  });

  it('with the second message of an older one, which has no result', async () => {
    const call = pendingCall();
    expect(call.accept({ ...message, result: 'payload' })).toBe(false);
    expect(call.accept(ending)).toBe(true);
    expect(await call.answer).toBe('payload');
  });

  it('with null from an older one, where newer Python clients crash', async () => {
    const call = pendingCall();
    call.accept(message);
    call.accept(ending);
    expect(await call.answer).toBeNull();
  });

  it('with the exception of the other side', async () => {
    const call = pendingCall();
    call.accept({ ...ending, failure: { class: 'C', module: 'm', message: 'x', kwargs: { code: 404 } } });
    const error = await call.answer.catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(RemoteError);
    expect(error).toMatchObject({ className: 'C', moduleName: 'm', message: 'x', kwargs: { code: 404 } });
  });

  it.each([
    { stage: 'connecting' as const, isConnected: false, told: 'connecting', text: /is transport_url right/ },
    { stage: 'publishing' as const, isConnected: true, told: 'publishing', text: /memory or disk alarm/ },
    { stage: 'publishing' as const, isConnected: false, told: 'connecting', text: /is transport_url right/ },
    {
      stage: 'waiting' as const,
      isConnected: true,
      told: 'waiting',
      text: /echo on network.net1: timed out waiting for a reply \(10 s/,
    },
  ])('at its deadline, and says what it waited for: $stage, connected: $isConnected', async (row) => {
    const call = pendingCall({ isConnected: () => row.isConnected });
    call.stage = row.stage;
    vi.advanceTimersByTime(10_000);
    const error = await call.answer.catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(RpcTimeout);
    expect(error).toMatchObject({ stage: row.told, message: expect.stringMatching(row.text) });
  });
});

describe('a monitored call', () => {
  it('lives on heartbeats, and ends when they stop', async () => {
    const call = pendingCall({ monitorMs: 2_000, timeoutMs: 60_000 });
    for (let i = 0; i < 5; i += 1) {
      call.accept(heartbeat);
      vi.advanceTimersByTime(1_900);
    }
    vi.advanceTimersByTime(101);
    await expect(call.answer).rejects.toMatchObject({ stage: 'monitoring' });
  });

  it('waits for its deadline when the server never sends one: old servers do not', async () => {
    const call = pendingCall({ monitorMs: 2_000, timeoutMs: 60_000 });
    vi.advanceTimersByTime(30_000);
    call.accept({ ...ending, result: 1 });
    expect(await call.answer).toBe(1);
  });

  it('leaves no timer behind', async () => {
    const call = pendingCall({ monitorMs: 2_000 });
    call.accept(heartbeat);
    call.accept(ending);
    await call.answer;
    expect(vi.getTimerCount()).toBe(0);
  });
});
