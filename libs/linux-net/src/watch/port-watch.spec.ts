import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { LinkEvent } from './kernel-event.js';
import { PortWatch } from './port-watch.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const TAP = 'tap0a1b2c3d-4e';

function event(name: string, master?: string, over: Partial<LinkEvent> = {}): LinkEvent {
  const rest = { mtu: 1500, mac: '52:54:00:00:00:01', alias: undefined, portFlags: [] };
  return { kind: 'link', name, index: 7, isGone: false, isUp: true, master, ...rest, ...over };
}

/** How often it follows when it hears this. */
async function follows(...events: readonly LinkEvent[]): Promise<number> {
  let count = 0;
  const watch = new PortWatch(async () => void (count += 1));
  for (const one of events) {
    watch.hear(one);
    await vi.advanceTimersByTimeAsync(1000);
  }
  return count;
}

describe('ports of instances are followed', () => {
  it.each<[string, LinkEvent[], number]>([
    ['when they come into a bridge', [event(TAP, 'br100')], 1],
    ['not when they only exist', [event(TAP)], 0],
    ['once, whatever else is told of them', [event(TAP, 'br100'), event(TAP, 'br100', { isUp: false })], 1],
    ['into another bridge', [event(TAP, 'br100'), event(TAP, 'br200')], 2],
    ['when they leave', [event(TAP, 'br100'), event(TAP)], 2],
    ['when they are deleted', [event(TAP, 'br100'), event(TAP, 'br100', { isGone: true })], 2],
    [
      'when libvirt gave them a name: their MAC begins with its byte',
      [event('vnet3', 'br100', { mac: 'fe:16:3e:00:00:01' })],
      1,
    ],
    ['and others are not', [event('veth12', 'docker0'), event('eth1', 'br100')], 0],
  ])('%s', async (_, events, times) => {
    expect(await follows(...events)).toBe(times);
  });

  it('together when they come together', async () => {
    let count = 0;
    const watch = new PortWatch(async () => void (count += 1));
    for (const name of ['tap1', 'tap2', 'tap3']) watch.hear(event(name, 'br100'));
    await vi.advanceTimersByTimeAsync(1000);
    expect(count).toBe(1);
  });

  it('again and again while that fails, and not after the end', async () => {
    let count = 0;
    const watch = new PortWatch(async () => {
      count += 1;
      if (count < 3) throw new Error('no database');
    });
    watch.hear(event(TAP, 'br100'));
    await vi.advanceTimersByTimeAsync(10_000);
    expect(count).toBe(3);
    watch.hear(event(TAP));
    watch.stop();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(count).toBe(3);
  });
});
