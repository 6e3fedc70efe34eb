import { describe, expect, it } from 'vitest';
import { parseLeaseEvent } from './lease-event.js';

describe('an event file', () => {
  it.each([
    {
      name: 'a new lease',
      content: 'add fa:16:3e:00:00:01 10.0.0.3 1790000000\n',
      event: {
        kind: 'given',
        mac: 'fa:16:3e:00:00:01',
        address: '10.0.0.3',
        expiresAt: '2026-09-21T14:13:20.000Z',
      },
    },
    {
      name: 'a renewal',
      content: 'old fa:16:3e:00:00:01 10.0.0.3 1790000000\n',
      event: {
        kind: 'given',
        mac: 'fa:16:3e:00:00:01',
        address: '10.0.0.3',
        expiresAt: '2026-09-21T14:13:20.000Z',
      },
    },
    {
      name: 'a lease for ever',
      content: 'add fa:16:3e:00:00:01 10.0.0.3 0\n',
      event: { kind: 'given', mac: 'fa:16:3e:00:00:01', address: '10.0.0.3', expiresAt: null },
    },
    {
      name: 'an ended lease',
      content: 'del FA:16:3E:00:00:01 10.0.0.3 0\n',
      event: { kind: 'ended', mac: 'fa:16:3e:00:00:01', address: '10.0.0.3' },
    },
    { name: 'nothing', content: '', event: undefined },
    { name: 'half a line', content: 'add fa:16:3e:00:00:01 10.0', event: undefined },
    { name: 'another action', content: 'arp-add fa:16:3e:00:00:01 10.0.0.3 0\n', event: undefined },
    { name: 'a broken MAC', content: 'add fa:16:3e:00:01 10.0.0.3 0\n', event: undefined },
    { name: 'an IPv6 lease', content: 'add 00:01:00:01 fd00::1 0\n', event: undefined },
    { name: 'two lines', content: 'add fa:16:3e:00:00:01 10.0.0.3 0\ndel\n', event: undefined },
  ])('is understood: $name', ({ content, event }) => {
    const parsed = parseLeaseEvent(content);
    expect(parsed && JSON.parse(JSON.stringify(parsed))).toEqual(event);
  });
});
