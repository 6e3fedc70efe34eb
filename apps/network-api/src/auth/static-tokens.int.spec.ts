import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger } from '@novanet/observability';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { StaticTokens } from './static-tokens.js';
import { sha256 } from './token-file.js';

let path: string;
beforeEach(() => {
  const folder = mkdtempSync(join(tmpdir(), 'novanet-tokens-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  path = join(folder, 'tokens.yaml');
});

const write = (text: string, mode = 0o600) => {
  writeFileSync(path, text);
  chmodSync(path, mode);
};

function door() {
  const lines: string[] = [];
  const log = createLogger('test', 'trace', { write: (line) => lines.push(line) });
  const tokens = new StaticTokens({ path, isAdmin: (roles) => roles.includes('admin'), log });
  const show = (token?: string) => tokens.authenticate({ get: () => token, originalUrl: '/' });
  return { show, lines };
}

const FILE = `# who may come in
hidden-joe: {user: joe, project: 0123, roles: [member]}
sha256:${sha256('hidden-root').toString('hex')}:
  user: root
  project: p0
  roles: [admin]
`;
const JOE = { userId: 'joe', projectId: '0123', roles: ['member'], isAdmin: false };

describe('tokens of the operator', () => {
  it('are whose the file says, as they are or by their sha256', async () => {
    write(FILE);
    const { show } = door();
    expect(await show('hidden-joe')).toEqual(JOE);
    expect(await show('hidden-root')).toEqual({
      userId: 'root',
      projectId: 'p0',
      roles: ['admin'],
      isAdmin: true,
    });
    const hash = `sha256:${sha256('hidden-root').toString('hex')}`;
    for (const token of [undefined, '', 'hidden', 'hidden-joe ', hash]) {
      expect(await show(token)).toMatchObject({ status: 401 });
    }
  });

  it('may stand in JSON', async () => {
    write('{"hidden-joe": {"user": "joe", "project": "0123", "roles": ["member"]}}');
    expect(await door().show('hidden-joe')).toEqual(JOE);
  });

  it('are all gone with the file', async () => {
    write(FILE);
    const { show, lines } = door();
    expect(await show('hidden-joe')).toEqual(JOE);
    rmSync(path);
    expect(await show('hidden-joe')).toMatchObject({ status: 401 });
    expect(lines.join()).toContain('none is good any more');
    write(FILE);
    expect(await show('hidden-joe')).toEqual(JOE);
  });

  it('are read again when the file changes', async () => {
    write(FILE);
    const { show } = door();
    write(FILE.replace('hidden-joe', 'hidden-new'));
    expect(await show('hidden-joe')).toMatchObject({ status: 401 });
    expect(await show('hidden-new')).toEqual(JOE);
  });

  it.each([
    { name: 'is no YAML any more', spoil: () => write('hidden-joe: {') },
    { name: 'is open to everybody', spoil: () => chmodSync(path, 0o644) },
  ])('stay good while the file $name, and the log says so', async ({ spoil }) => {
    write(FILE);
    const { show, lines } = door();
    spoil();
    expect(await show('hidden-joe')).toEqual(JOE);
    expect(await show('hidden-joe')).toEqual(JOE);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain('tokens not read again: the former ones stay good');
    expect(lines[0]).not.toContain('hidden');
    write(FILE.replace('hidden-joe', 'hidden-new'));
    expect(await show('hidden-joe')).toMatchObject({ status: 401 });
  });
});

describe('a file of tokens is refused', () => {
  const holder = '{user: joe, project: p1, roles: [member]}';
  it.each([
    { name: 'that is empty', text: '# nothing', reason: 'there is no token in it' },
    { name: 'that is a list', text: '- hidden', reason: 'there is no token in it' },
    { name: 'that is no YAML', text: 'hidden: {', reason: 'line 1 is neither YAML nor JSON' },
    { name: 'with a token twice', text: `hidden: ${holder}\nhidden: ${holder}`, reason: '(DUPLICATE_KEY)' },
    { name: 'with an empty token', text: `"": ${holder}`, reason: 'token 1 is empty' },
    { name: 'with a hash that is none', text: `sha256:12: ${holder}`, reason: '64 hexadecimal digits' },
    { name: 'without a holder', text: `hidden: joe`, reason: 'token 1 has no user, project and roles' },
    { name: 'without a user', text: 'hidden: {project: p, roles: []}', reason: 'token 1 has no user' },
    { name: 'without a project', text: 'hidden: {user: u, roles: []}', reason: 'token 1 has no project' },
    {
      name: 'without roles',
      text: 'hidden: {user: u, project: p, roles: x}',
      reason: 'token 1 has no list of roles',
    },
    {
      name: 'with another field',
      text: 'hidden: {user: u, projekt: p}',
      reason: 'token 1 has a field projekt: it may have user, project, roles',
    },
  ])('$name', ({ text, reason }) => {
    write(text);
    expect(door).toThrow(reason);
    expect(door).toThrow(`[api] tokens_file ${path}: `);
    expect(door).not.toThrow('hidden');
  });

  it('that everybody may read, or that is not there', () => {
    write(FILE, 0o604);
    expect(door).toThrow('everybody on this machine has access to it; chmod o-rwx takes that away');
    rmSync(path);
    expect(door).toThrow('ENOENT');
  });
});
