import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger } from '@novanet/observability';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { loadPolicies, readPolicies } from './policy-file.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'novanet-policy-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
});

function load(name: string, folders: readonly string[] = [folder]) {
  const remarks: string[] = [];
  const log = createLogger('test', 'warn', { write: (line) => remarks.push(JSON.parse(line).msg) });
  return { book: loadPolicies(name, folders, log), remarks };
}

const member = { userId: 'u', projectId: 'p', roles: ['member'], isAdmin: false };
const OPEN = '"os_compute_api:os-networks": "role:member"';

describe('the policy file', () => {
  it.each([
    { name: 'policy.yaml', text: `${OPEN}\n` },
    { name: 'policy.yaml', text: 'os_compute_api:os-networks: role:member # a remark\n' },
    { name: 'policy.json', text: `{${OPEN}}` },
    { name: 'mine.yaml', text: 'os_compute_api:os-networks: ""' },
  ])('changes rules: $text in $name', ({ name, text }) => {
    writeFileSync(join(folder, name), text);
    const { book, remarks } = load(name);
    expect(book.allows('os_compute_api:os-networks', member)).toBe(true);
    expect(book.allows('os_compute_api:os-fixed-ips', member)).toBe(false);
    expect(remarks).toEqual([]);
  });

  it('may say who is an administrator', () => {
    writeFileSync(join(folder, 'policy.yaml'), 'context_is_admin: "role:network_admin"');
    const { book } = load('policy.yaml');
    expect([book.isAdmin(['admin']), book.isAdmin(['network_admin'])]).toEqual([false, true]);
  });

  it('is looked for in one folder after the other, or where its path leads', () => {
    const other = join(folder, 'other');
    mkdirSync(other);
    writeFileSync(join(other, 'policy.yaml'), OPEN);
    for (const name of ['policy.yaml', join(other, 'policy.yaml')]) {
      expect(load(name, [folder, other]).book.allows('os_compute_api:os-networks', member)).toBe(true);
    }
  });

  it('may be missing when it has the usual name, and else must not', () => {
    expect(load('policy.yaml').book.allows('os_compute_api:os-networks', member)).toBe(false);
    expect(() => load('mine.yaml')).toThrow(`[oslo_policy] policy_file: there is no mine.yaml in ${folder}`);
    mkdirSync(join(folder, 'policy.yaml'));
    expect(() => load('policy.yaml')).toThrow('[oslo_policy] policy_file cannot be read: EISDIR');
  });

  it('has rules that nobody asks for: they are told of, like those that are asked for and not there', () => {
    const text = 'os_compute_api:os-networks: rule:people\npeople: role:x or rule:none\nnetwork:get_all: ""';
    writeFileSync(join(folder, 'policy.yaml'), text);
    expect(load('policy.yaml').remarks).toEqual([
      'rules that nothing here asks for: network:get_all',
      'rule:none is asked for and does not exist: it lets nobody in',
    ]);
  });
});

describe('a policy file is refused', () => {
  it.each([
    { text: 'a: role:admin or', problem: 'a: "role:admin or" is no rule: it ends too early' },
    { text: 'a: !', problem: 'a: its rule must be a text in quotes' },
    { text: 'a:', problem: 'a: its rule must be a text in quotes' },
    { text: 'a: [role:admin]', problem: 'a: its rule must be a text in quotes' },
    { text: 'a: true', problem: 'a: its rule must be a text in quotes' },
    { text: '- a', problem: 'rules are expected, each "name": "rule"' },
    { text: 'a: @', problem: 'Plain value cannot start with reserved character @ at line 1, column 4:' },
    { text: 'a: "!"\na: "@"', problem: 'Map keys must be unique at line 2, column 1:' },
  ])('with $text', ({ text, problem }) => {
    expect(() => readPolicies('/etc/p.yaml', text)).toThrow(`/etc/p.yaml: ${problem}`);
  });

  it('with all that is wrong', () => {
    expect(() => readPolicies('/p', 'a: x\nb: "!"\nc: y')).toThrow(
      expect.objectContaining({
        problems: [expect.stringMatching(/^\/p: a: /), expect.stringMatching(/^\/p: c: /)],
      }),
    );
  });
});
