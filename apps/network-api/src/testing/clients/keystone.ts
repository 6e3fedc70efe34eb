import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BackgroundProcess, createScratchDatabase, freePorts, runCommand } from '@novanet/testbed';
import { CLIENT_PASSWORD } from './transcript.js';

/** The real one, of Debian's package, with the administrator `admin` of the project `admin`. */
export class Keystone {
  private constructor(
    readonly url: string,
    private readonly undo: AsyncDisposableStack,
  ) {}

  /** @param databaseUrl of a server, where it gets a database of its own */
  static async start(databaseUrl: string): Promise<Keystone> {
    const undo = new AsyncDisposableStack();
    try {
      const directory = mkdtempSync(join(tmpdir(), 'novanet-keystone-'));
      undo.defer(() => rmSync(directory, { recursive: true, force: true }));
      const [port = 0] = await freePorts(1);
      const url = `http://127.0.0.1:${port}/v3`;
      const database = await createScratchDatabase(databaseUrl);
      undo.defer(() => database.drop());
      await prepare(directory, url, database.url);
      const server = new BackgroundProcess({
        name: 'keystone',
        directory,
        argv: [
          '/usr/bin/python3',
          '/usr/bin/keystone-wsgi-public',
          '--host',
          '127.0.0.1',
          '--port',
          String(port),
        ],
        env: {
          ...process.env,
          OS_KEYSTONE_CONFIG_DIR: directory,
          OS_KEYSTONE_CONFIG_FILES: join(directory, 'keystone.conf'),
        },
      });
      await server.start();
      undo.defer(() => server.stop());
      await server.waitUntil(async () => (await fetch(url)).ok, 60_000);
      return new Keystone(url, undo);
    } catch (error) {
      await undo.disposeAsync();
      throw error;
    }
  }

  /** A token of somebody's, as clients get it. */
  async tokenOf(user: string, project: string): Promise<string> {
    const domain = { id: 'default' };
    const identity = {
      methods: ['password'],
      password: { user: { name: user, domain, password: CLIENT_PASSWORD } },
    };
    const body = JSON.stringify({ auth: { identity, scope: { project: { name: project, domain } } } });
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(`${this.url}/auth/tokens`, { method: 'POST', headers, body });
    const token = answer.headers.get('x-subject-token');
    if (token === null) throw new Error(`keystone gives ${user} no token: ${await answer.text()}`);
    return token;
  }

  /** Takes a token back, in its owner's name. */
  async revoke(token: string): Promise<void> {
    const headers = { 'x-auth-token': token, 'x-subject-token': token };
    const { status } = await fetch(`${this.url}/auth/tokens`, { method: 'DELETE', headers });
    if (status !== 204) throw new Error(`keystone does not revoke: ${status}`);
  }

  async stop(): Promise<void> {
    await this.undo.disposeAsync();
  }
}

async function prepare(directory: string, url: string, databaseUrl: string): Promise<void> {
  const keys = ['fernet', 'credential'].map((name) => join(directory, name));
  for (const folder of keys) {
    mkdirSync(folder, { mode: 0o700 });
    for (const number of ['0', '1']) {
      const key = randomBytes(32).toString('base64').replaceAll('+', '-').replaceAll('/', '_');
      writeFileSync(join(folder, number), key, { mode: 0o600 });
    }
  }
  const [fernet, credential] = keys;
  const file = join(directory, 'keystone.conf');
  writeFileSync(
    file,
    `[DEFAULT]
log_dir = ${directory}
[database]
connection = ${databaseUrl.replace('mysql:', 'mysql+pymysql:')}
[fernet_tokens]
key_repository = ${fernet}
[fernet_receipts]
key_repository = ${fernet}
[credential]
key_repository = ${credential}
[cache]
enabled = false
`,
  );
  const manage = ['keystone-manage', '--config-file', file];
  await runCommand([...manage, 'db_sync'], { timeoutMs: 120_000 });
  const account = `bootstrap --bootstrap-password ${CLIENT_PASSWORD} --bootstrap-region-id RegionOne`.split(
    ' ',
  );
  await runCommand([...manage, ...account, '--bootstrap-public-url', url], { timeoutMs: 120_000 });
}
