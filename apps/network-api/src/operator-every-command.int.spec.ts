import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseHostName } from '@novanet/net-address';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { parse } from 'yaml';
import { addressCommands } from './testing/commands/address-commands.js';
import { hostCommands } from './testing/commands/host-commands.js';
import { networkCommands } from './testing/commands/network-commands.js';
import { projectCommands } from './testing/commands/project-commands.js';
import { bootInstance } from './testing/commands/boot-instance.js';
import { Operator } from './testing/operator.js';
import { TestApi } from './testing/test-api.js';

// Each command of docs/cli.md against this API and a network worker: as text, as JSON and as YAML.
const commands = [...networkCommands, ...addressCommands, ...projectCommands, ...hostCommands];
/** apps/cli/src/nova-import runs it: it asks no API. */
const elsewhere = 'import nova';

let api: TestApi;
let operator: Operator;
let directory: string;

const service = (host: string) => {
  return { host: parseHostName(host), binary: 'network-worker', topic: 'network' };
};
const gone = (number: number) => service(`gone${number}`);

beforeAll(async () => {
  const servers = { databaseUrl: inject('databaseUrl'), amqpUrl: inject('amqpUrl') };
  const options = { network_manager: 'VlanManager', vlan_interface: 'eth1', vpn_ip: '192.0.2.11' };
  api = await TestApi.create(servers, options);
  directory = mkdtempSync(join(tmpdir(), 'novanet-commands-'));
  const file = join(directory, 'novanet.conf');
  writeFileSync(file, `[database]\nconnection = ${api.environment['NOVANET_DATABASE_CONNECTION']}\n`);
  operator = new Operator({ NOVANET_API_URL: api.url, CONFIGURATION: file });
  for (const number of [1, 2, 3]) {
    const network = { label: `home${number}`, cidr: `10.9${number}.0.0/24`, project_id: `p${number}` };
    await api.ask('POST', '/v2.1/os-networks', { network });
    await bootInstance(api, number);
    await api.ipam.services.beat(gone(number));
    await api.ipam.services.forceDown(gone(number), true);
  }
}, 90_000);

/** They are alive, however long the tests before took. */
beforeEach(async () => {
  for (const number of [1, 2, 3]) await api.ipam.services.beat(service(`full${number}`));
});

afterAll(async () => {
  await api?.remove();
  if (directory) rmSync(directory, { recursive: true, force: true });
});

/** The line with the number of this try, and with the configuration's file. */
const filled = (text: string, number: number) =>
  text.replaceAll('%', String(number)).replaceAll('FILE', join(directory, 'novanet.conf'));

describe('novanet', () => {
  it('has no command that is not run here', () => {
    const page = readFileSync(join(import.meta.dirname, '../../../docs/cli.md'), 'utf8');
    const documented = [...page.matchAll(/^## novanet ([a-z ]+?)(?: `.*)?$/gm)].map(([, name]) => name);
    expect(documented.length).toBeGreaterThan(30);
    const run = new Set(commands.map(({ name }) => name));
    expect(documented.filter((name) => !run.has(name ?? ''))).toEqual([elsewhere]);
  });

  it.each(commands)('$line', async ({ line, says, holds, exitCode = 0, complains = '' }) => {
    const text = await operator.run(filled(line, 1));
    expect(text).toEqual({
      exitCode,
      complaints: expect.stringMatching(new RegExp(`^${filled(complains, 1)}$`)),
      out: expect.stringMatching(new RegExp(filled(says, 1))),
    });
    const json = await operator.run(`${filled(line, 2)} --json`);
    expect(json).toMatchObject({ exitCode });
    expect(JSON.parse(json.out)).toEqual(holds(2));
    const yaml = await operator.run(`${filled(line, 3)} --yaml`);
    expect(yaml).toMatchObject({ exitCode });
    expect(parse(yaml.out)).toEqual(holds(3));
  });
});
