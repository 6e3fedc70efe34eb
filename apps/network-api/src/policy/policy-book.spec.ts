import { describe, expect, it } from 'vitest';
import type { Requester } from '../auth/requester.js';
import { PolicyBook } from './policy-book.js';

const member: Requester = { userId: 'u', projectId: 'p', roles: ['member'], isAdmin: false };
const admin: Requester = { ...member, roles: ['admin'], isAdmin: true };

describe('the policy', () => {
  const book = new PolicyBook();

  it.each([
    { rule: 'os_compute_api:os-networks:view', members: true },
    { rule: 'os_compute_api:os-networks', members: false },
    { rule: 'os_compute_api:os-floating-ips', members: true },
    { rule: 'os_compute_api:os-tenant-networks:write', members: false },
    { rule: 'novanet:instances', members: false },
  ] as const)('lets members do $rule: $members, and administrators always', ({ rule, members }) => {
    expect(book.allows(rule, member)).toBe(members);
    expect(book.allows(rule, admin)).toBe(true);
  });

  it('takes those with the role admin for administrators, unless it says otherwise', () => {
    expect(book.isAdmin(['admin'])).toBe(true);
    expect(book.isAdmin(['member'])).toBe(false);
    expect(new PolicyBook({ context_is_admin: 'role:network_admin' }).isAdmin(['admin'])).toBe(false);
  });

  it('is what the operator says, where he says something', () => {
    const own = new PolicyBook({
      'os_compute_api:os-networks': 'rule:network_people',
      network_people: 'role:member',
      'os_compute_api:os-floating-ips': '!',
    });
    expect(own.allows('os_compute_api:os-networks', member)).toBe(true);
    expect(own.allows('os_compute_api:os-floating-ips', admin)).toBe(false);
  });

  it('keeps out who is let in by a rule that does not exist, or by itself', () => {
    const own = new PolicyBook({
      'os_compute_api:os-networks': 'rule:a',
      a: 'rule:b',
      b: 'rule:a or rule:none',
    });
    expect(own.allows('os_compute_api:os-networks', admin)).toBe(false);
  });
});
