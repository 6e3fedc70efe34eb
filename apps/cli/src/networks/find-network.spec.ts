import { describe, expect, it } from 'vitest';
import { findNetwork } from './find-network.js';

const first = { id: '8b0a2e5c-5d0f-4a38-9c7a-0f2a6d1f3c11', label: 'private' };
const ranged = {
  id: '0ab1d2ee-5d0f-4a38-9c7a-0f2a6d1f3c11',
  label: 'x',
  cidr: '10.0.0.0/24',
  cidr_v6: 'fd00::/64',
};
const second = { id: '20c8acc0-f747-4d71-a389-46d078ebf047', label: 'web' };
const third = { id: '55ef4006-a2a0-4a1a-b4ef-fedfa746561d', label: 'web' };

describe('findNetwork', () => {
  it.each([
    ['its label', 'private', first],
    ['its UUID', second.id, second],
    ['its UUID in capitals', third.id.toUpperCase(), third],
    ['its range', '10.0.0.0/24', ranged],
    ['its IPv6 range, however written', 'FD00:0::/64', ranged],
  ])('finds a network by %s', (_, name, found) => {
    expect(findNetwork([first, second, third, ranged], name)).toBe(found);
  });

  it('takes a UUID as a UUID, even if another network is labelled so', () => {
    const confusing = { id: '00000000-0000-4000-8000-000000000000', label: first.id };
    expect(findNetwork([confusing, first], first.id)).toBe(first);
  });

  it('says how to name one of several networks with the same label', () => {
    expect(() => findNetwork([first, second, third], 'web')).toThrow(
      `2 networks are called "web"; name the one you mean by its UUID: ${second.id}, ${third.id}.`,
    );
  });

  it('says where to look when there is none', () => {
    expect(() => findNetwork([first], 'Private')).toThrow(
      'There is no network "Private"; novanet network list shows what exists.',
    );
  });
});
