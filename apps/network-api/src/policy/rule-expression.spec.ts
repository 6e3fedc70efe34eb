import { describe, expect, it } from 'vitest';
import { parseRule, type PolicyFacts } from './rule-expression.js';

const facts: PolicyFacts = {
  roles: ['member', 'Auditor'],
  credentials: { is_admin: 'False', project_id: 'p1', user_id: 'u1' },
  target: { project_id: 'p1', user_id: 'u2', role_name: 'member' },
  rule: (name) => name === 'holds',
};

describe('a rule', () => {
  it.each([
    { text: '', holds: true },
    { text: '@', holds: true },
    { text: '!', holds: false },
    { text: 'role:member', holds: true },
    { text: 'role:AUDITOR', holds: true },
    { text: 'role:admin', holds: false },
    { text: 'role:%(role_name)s', holds: true },
    { text: 'rule:holds', holds: true },
    { text: 'rule:other', holds: false },
    { text: 'is_admin:True', holds: false },
    { text: 'is_admin:False', holds: true },
    { text: 'project_id:%(project_id)s', holds: true },
    { text: 'user_id:%(user_id)s', holds: false },
    { text: 'project_id:%(no_such)s', holds: false },
    { text: 'no_such:x', holds: false },
    { text: "'member':%(role_name)s", holds: true },
    { text: 'not role:admin', holds: true },
    { text: 'not not role:admin', holds: false },
    { text: 'role:admin or role:member', holds: true },
    { text: 'role:admin and role:member', holds: false },
    { text: 'role:member or role:admin and !', holds: true },
    { text: '(role:member or role:admin) and !', holds: false },
    { text: 'not (role:admin or !)', holds: true },
    { text: 'ROLE:member', holds: false },
    { text: 'role:member AND rule:holds', holds: true },
  ])('"$text" is $holds', ({ text, holds }) => {
    expect(parseRule(text)(facts)).toBe(holds);
  });

  it.each([
    { text: 'role:admin or', reason: 'it ends too early' },
    { text: 'not', reason: 'it ends too early' },
    { text: '(role:admin', reason: 'a parenthesis is not closed' },
    { text: 'role:admin)', reason: 'nothing was expected before ")"' },
    { text: 'role:admin role:member', reason: 'nothing was expected before "role:member"' },
    { text: 'admin', reason: '"admin" is no check: write kind:match, like role:admin' },
    { text: 'http://x/y', reason: 'checks by HTTP are not supported' },
  ])('"$text" makes no sense', ({ text, reason }) => {
    expect(() => parseRule(text)).toThrow(`"${text}" is no rule: ${reason}`);
  });
});
