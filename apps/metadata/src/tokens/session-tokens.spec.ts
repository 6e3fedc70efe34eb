import { describe, expect, it } from 'vitest';
import { SessionTokens } from './session-tokens.js';

const [A, B] = ['d8e02d56-2648-49a3-bf97-6be8f1204f38', '00000000-0000-4000-8000-00000000000b'];

describe('a session token', () => {
  let now = 1_000_000;
  const tokens = new SessionTokens('secret', () => now);

  it('is as long as one of Amazon, and another one each time', () => {
    const [one, other] = [tokens.issue(A, 60), tokens.issue(A, 60)];
    expect(one).toMatch(/^[A-Za-z0-9+/]{54}==$/);
    expect(one).not.toBe(other);
  });

  it('is good for its instance until its end', () => {
    now = 1_000_000;
    const token = tokens.issue(A, 60);
    expect(tokens.isValid(token, A)).toBe(true);
    now += 59_999;
    expect(tokens.isValid(token, A)).toBe(true);
    now += 1;
    expect(tokens.isValid(token, A)).toBe(false);
  });

  it('is known by every process with the same secret, and by no other', () => {
    const token = tokens.issue(A, 60);
    expect(new SessionTokens('secret', () => now).isValid(token, A)).toBe(true);
    expect(new SessionTokens('other', () => now).isValid(token, A)).toBe(false);
    expect(new SessionTokens(null, () => now).isValid(token, A)).toBe(false);
  });

  it('of another instance, shortened, lengthened or changed in any place is none', () => {
    const token = tokens.issue(A, 60);
    expect(tokens.isValid(token, B)).toBe(false);
    const changed = Array.from(token.slice(0, 53), (letter, place) => {
      const other = letter === 'A' ? 'B' : 'A';
      return token.slice(0, place) + other + token.slice(place + 1);
    });
    const bad = ['', '==', token.slice(1), `${token}AAAA`, ` ${token}`, ...changed];
    expect(bad.filter((one) => tokens.isValid(one, A))).toEqual([]);
  });
});
