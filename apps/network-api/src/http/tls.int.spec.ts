import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { OsloBroker, OsloClient } from '@novanet/messaging';
import { createLogger } from '@novanet/observability';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { createApp } from '../create-app.js';
import { CloudDatabase } from '../database/cloud-database.js';
import { standardParts } from '../testing/standard-parts.js';
import { settingsWith } from '../testing/settings-with.js';
import { NetworkWorkers } from '../workers/network-workers.js';
import { readTls } from './tls.js';

const log = createLogger('test', 'fatal');
let folder: string;
let own: { readonly cert: string; readonly key: string };
let other: typeof own;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'novanet-tls-'));
  [own, other] = [pair('own'), pair('other')];
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A certificate that is its own authority. */
function pair(name: string) {
  const [key, cert] = [join(folder, `${name}-key.pem`), join(folder, `${name}.pem`)];
  const subject = ['-subj', `/CN=${name}`, '-addext', 'subjectAltName=IP:127.0.0.1'];
  const how = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-keyout', key];
  execFileSync('openssl', [...how, '-out', cert, ...subject], { stdio: 'ignore' });
  return { cert, key };
}

const tlsOf = (more: Readonly<Record<string, string>>) =>
  readTls(settingsWith({ enabled_ssl_apis: 'osapi_compute', ...more }));
const files = () => ({ ssl_cert_file: own.cert, ssl_key_file: own.key });

/** TLS 1.3 tells a client only after it believes to be connected. */
const REFUSED = /alert|ECONNRESET|socket hang up/;

/** The API that speaks HTTPS so, connected to nothing else. */
async function start(more: Readonly<Record<string, string>>): Promise<string> {
  const broker = new OsloBroker({ transportUrl: 'rabbit://127.0.0.1:1/', serviceName: 'test', log });
  const workers = new NetworkWorkers(new OsloClient({ broker }), 'network');
  const database = new CloudDatabase('mysql://127.0.0.1:1/none', log);
  const app = await createApp({ database, workers, ...standardParts, tls: tlsOf(more) }, log);
  onTestFinished(() => app.close());
  await app.listen(0, '127.0.0.1');
  return (await app.getUrl()).replace(/^http:/, 'https:');
}

async function get(url: string, shown?: typeof own): Promise<string> {
  const mine = shown && { cert: readFileSync(shown.cert), key: readFileSync(shown.key) };
  const answer = Promise.withResolvers<string>();
  const asked = request(url, { ca: readFileSync(own.cert), agent: false, ...mine }, (response) =>
    answer.resolve(text(response)),
  );
  asked.on('error', answer.reject).end();
  return answer.promise;
}

it('HTTPS is spoken where enabled_ssl_apis says so, and addresses in answers are such', async () => {
  const url = await start(files());
  expect(JSON.parse(await get(url)).versions[1].links[0].href).toBe(`${url}/v2.1/`);
});

it('clients have to show a certificate of the authorities in ca_file', async () => {
  const url = await start({ ...files(), ssl_ca_file: other.cert });
  expect(await get(url, other)).toContain('v2.1');
  await expect(get(url)).rejects.toThrow(REFUSED);
  await expect(get(url, own)).rejects.toThrow(REFUSED);
});

it('HTTP is spoken otherwise', () => {
  expect(readTls(settingsWith({ enabled_ssl_apis: 'metadata' }))).toBeUndefined();
});

it.each([
  {
    what: 'no certificate',
    more: () => ({}),
    reason: /^enabled_ssl_apis needs \[ssl\] cert_file and key_file$/,
  },
  {
    what: 'another key',
    more: () => ({ ...files(), ssl_key_file: other.key }),
    reason: /key values mismatch/,
  },
  { what: 'a file that is not there', more: () => ({ ...files(), ssl_cert_file: '/no' }), reason: /ENOENT/ },
  {
    what: 'a file of something else',
    more: () => ({ ...files(), ssl_cert_file: '/etc/hostname' }),
    reason: /no use/,
  },
])('$what stops the start', ({ more, reason }) => {
  expect(() => tlsOf(more())).toThrow(reason);
});
