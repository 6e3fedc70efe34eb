import { describe, expect, it } from 'vitest';

import { parseNotification, renderNotification, type NewNotification } from './notification.js';

const allocated: NewNotification = {
  publisherId: 'network.net1',
  eventType: 'network.floating_ip.allocate',
  priority: 'INFO',
  payload: { project_id: 'p1', floating_ip: '203.0.113.10', absent: undefined },
  context: { user_id: 'u1', request_id: 'req-1' },
};
const sentAt = new Date('2026-11-20T22:42:11.021Z');

describe('a notification is written', () => {
  it('as Python writes it', () => {
    const [text = ''] = renderNotification(allocated, 1, sentAt);
    expect(JSON.parse(text)).toEqual({
      message_id: expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
      publisher_id: 'network.net1',
      event_type: 'network.floating_ip.allocate',
      priority: 'INFO',
      payload: { project_id: 'p1', floating_ip: '203.0.113.10', absent: null },
      timestamp: '2026-11-20 22:42:11.021000',
      _unique_id: expect.stringMatching(/^[0-9a-f]{32}$/),
      _context_user_id: 'u1',
      _context_request_id: 'req-1',
    });
  });

  it('in copies that are the same notification, and different messages', () => {
    const copies = renderNotification(allocated, 2, sentAt).map((text) => JSON.parse(text));
    expect(new Set(copies.map((copy) => copy.message_id)).size).toBe(1);
    expect(new Set(copies.map((copy) => copy['_unique_id'])).size).toBe(2);
  });

  it('or refused when it has no form in JSON', () => {
    expect(() => renderNotification({ ...allocated, payload: { big: 1n } }, 1, sentAt)).toThrow(/bigint/);
  });
});

describe('a notification is read', () => {
  it('as it was written', () => {
    const [text = ''] = renderNotification(allocated, 1, sentAt);
    expect(parseNotification(JSON.parse(text))).toEqual({
      ...allocated,
      payload: { project_id: 'p1', floating_ip: '203.0.113.10', absent: null },
      messageId: expect.any(String),
      sentAt,
    });
  });

  it('when nothing but its type is there', () => {
    expect(parseNotification({ event_type: 'x' })).toEqual({
      messageId: '',
      publisherId: '',
      eventType: 'x',
      priority: '',
      payload: null,
      sentAt: undefined,
      context: {},
    });
  });

  it('whatever the case of its priority', () => {
    expect(parseNotification({ event_type: 'x', priority: 'info' }).priority).toBe('INFO');
  });

  it.each([
    { name: 'Python', timestamp: '2026-11-20 22:42:11.021541', read: '2026-11-20T22:42:11.021Z' },
    {
      name: 'Python without a fraction',
      timestamp: '2026-11-20 22:42:11',
      read: '2026-11-20T22:42:11.000Z',
    },
    { name: 'ISO 8601', timestamp: '2026-11-20T22:42:11Z', read: '2026-11-20T22:42:11.000Z' },
    { name: 'a month that is none', timestamp: '2026-13-20 22:42:11', read: undefined },
    { name: 'words', timestamp: 'yesterday', read: undefined },
    { name: 'a number', timestamp: 1_795_000_000, read: undefined },
    { name: 'nothing', timestamp: null, read: undefined },
  ])('with the time of $name', ({ timestamp, read }) => {
    expect(parseNotification({ event_type: 'x', timestamp }).sentAt?.toISOString()).toBe(read);
  });

  it.each([{}, { event_type: null }, { event_type: ['x'] }])('not without a type: %j', (message) => {
    expect(() => parseNotification(message)).toThrow('a notification must have an event type');
  });
});
