import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer, type Server } from 'node:tls';

import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';

import { recordingLog, testBroker, testBus } from '../testing/test-worker.js';

const directory = mkdtempSync(join(tmpdir(), 'novanet-tls-'));
const certificate = join(directory, 'certificate.pem');
const key = join(directory, 'key.pem');
let server: Server;
let port: number;

// Encryption as a proxy in front of the broker adds it.
beforeAll(async () => {
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
  const files = ['-keyout', key, '-out', certificate];
  execFileSync(
    'openssl',
    ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', ...subject, ...files],
    {
      stdio: 'ignore',
    },
  );
  const target = new URL(inject('amqpUrl'));
  server = createServer({ cert: readFileSync(certificate), key: readFileSync(key) }, (near) => {
    const far = connect(Number(target.port), target.hostname);
    near.pipe(far).pipe(near);
    near.on('error', () => far.destroy());
    far.on('error', () => near.destroy());
  });
  server.on('tlsClientError', () => undefined);
  await once(server.listen(0), 'listening');
  const address = server.address();
  port = typeof address === 'object' && address ? address.port : 0;
});
afterAll(() => {
  server.close();
  rmSync(directory, { recursive: true });
});

async function connectTo(url: string): Promise<string> {
  const log = recordingLog();
  const broker = testBroker(testBus(url), log);
  await broker.open();
  const problem = () => log.entries.find(({ level }) => level === 'warn')?.fields['error'];
  await expect.poll(() => broker.isConnected || problem(), { timeout: 10_000 }).toBeTruthy();
  const outcome = broker.isConnected ? 'connected' : String(problem());
  await broker.release();
  return outcome;
}

describe('an encrypted connection', () => {
  it('is made to a broker that a given authority vouches for', async () => {
    expect(await connectTo(`amqps://guest:guest@localhost:${port}/?ssl_ca_file=${certificate}`)).toBe(
      'connected',
    );
    expect(await connectTo(`rabbit://guest:guest@localhost:${port}/?ssl=1&ssl_ca_file=${certificate}`)).toBe(
      'connected',
    );
  });

  it('is not made when nobody vouches for it', async () => {
    expect(await connectTo(`amqps://guest:guest@localhost:${port}/`)).toMatch(/self-signed certificate/);
  });

  it('is not made under a name that the certificate does not have', async () => {
    const outcome = await connectTo(`amqps://guest:guest@127.0.0.1:${port}/?ssl_ca_file=${certificate}`);
    expect(outcome).toMatch(/does not match certificate/);
  });

  it('fails at once when its files cannot be read', async () => {
    await expect(connectTo(`amqps://localhost:${port}/?ssl_ca_file=/does/not/exist`)).rejects.toThrow(
      '/does/not/exist',
    );
  });
});
