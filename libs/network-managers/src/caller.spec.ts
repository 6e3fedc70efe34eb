import { describe, expect, it } from 'vitest';
import { isVisible, type Caller } from './caller.js';

const user: Caller = { projectId: 'mine', userId: 'u', isAdmin: false };
const admin: Caller = { ...user, isAdmin: true };
const service: Caller = { projectId: null, userId: null, isAdmin: false };

describe('a network', () => {
  it.each([
    ['of nobody', null, user, true],
    ['of the own project', 'mine', user, true],
    ['of another project', 'theirs', user, false],
    ['of another project', 'theirs', admin, true],
    ['of another project', 'theirs', service, true],
  ])('%s (%s) is visible to %j: %s', (_name, projectId, caller, isSeen) => {
    expect(isVisible({ projectId }, caller)).toBe(isSeen);
  });
});
