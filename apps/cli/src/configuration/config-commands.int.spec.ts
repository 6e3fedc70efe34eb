import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCli } from '../run-cli.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'novanet-config-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Writes the file, and checks it. */
async function check(content: string, option: string, ...more: string[]) {
  const file = join(folder, 'nova.conf');
  writeFileSync(file, content);
  const [out, complaints]: [string[], string[]] = [[], []];
  const exitCode = await runCli([option, file, 'config', 'check', ...more], {
    env: {},
    print: (text) => out.push(text),
    complain: (text) => complaints.push(text),
  });
  return { exitCode, out: out.join('\n').replaceAll(folder, ''), complaints };
}

describe('novanet config check', () => {
  it.each([
    {
      kind: 'nova.conf',
      option: '--config-file',
      content: '[DEFAULT]\nmy_ip = 192.0.2.1\nmulti_host = true\n',
    },
    { kind: 'flag file', option: '--flagfile', content: '--my_ip=192.0.2.1\n--multi_host\n' },
  ])('counts what a $kind sets', async ({ option, content }) => {
    expect(await check(content, option)).toEqual({ exitCode: 0, out: '2 options set.', complaints: [] });
  });

  it('tells all that is wrong, with file and line', async () => {
    const content = '[DEFAULT]\nmy_ip = bogus\nmutli_host = true\nvlan_start = x\n';
    const checked = await check(content, '--config-file');
    expect(checked.out.split('\n')).toEqual([
      'warning: mutli_host in /nova.conf line 3 is not an option; is multi_host meant?',
      expect.stringMatching(/^error: my_ip in \/nova.conf line 2: /),
      expect.stringMatching(/^error: vlan_start in \/nova.conf line 4: /),
    ]);
    expect(checked.exitCode).toBe(1);
    expect(checked.complaints).toEqual(['novanet: 2 errors: no service starts with this configuration.']);
    expect(JSON.parse((await check(content, '--config-file', '--json')).out).problems).toHaveLength(2);
  });

  it('tells of a file that does not exist', async () => {
    const out: string[] = [];
    const context = { env: {}, print: (text: string) => out.push(text), complain: () => undefined };
    expect(await runCli(['--config-file', '/nowhere/nova.conf', 'config', 'check'], context)).toBe(1);
    expect(out).toEqual(['error: the configuration file /nowhere/nova.conf does not exist']);
  });
});
