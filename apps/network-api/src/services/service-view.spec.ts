import { parseHostName } from '@novanet/net-address';
import { describe, expect, it } from 'vitest';
import { serviceView } from './service-view.js';

const now = new Date('2026-03-01T12:00:00.000Z');

describe('serviceView', () => {
  it.each([
    { name: 'heard of just now', secondsAgo: 0, isForcedDown: false, state: 'up' },
    { name: 'heard of at the limit', secondsAgo: 60, isForcedDown: false, state: 'up' },
    { name: 'not heard of for too long', secondsAgo: 61, isForcedDown: false, state: 'down' },
    { name: 'declared dead', secondsAgo: 0, isForcedDown: true, state: 'down' },
  ])('a service $name is $state', ({ secondsAgo, isForcedDown, state }) => {
    const lastSeenAt = new Date(now.getTime() - secondsAgo * 1000);
    const service = {
      id: 1,
      host: parseHostName('compute1'),
      binary: 'nova-network',
      topic: 'network',
      reportCount: 3,
      lastSeenAt,
      isForcedDown,
      isDisabled: false,
      disabledReason: null,
      createdAt: lastSeenAt,
    };
    expect(serviceView(service, now, 60)).toEqual({
      host: 'compute1',
      binary: 'nova-network',
      state,
      last_seen_at: lastSeenAt.toISOString(),
    });
  });
});
