import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, inject, it } from 'vitest';
import { createTestCloud, type TestCloud } from './testing/test-cloud.js';
import type { PrivateDoor } from './private-api.js';

const program = join(import.meta.dirname, '../dist/private-main.js');

let cloud: TestCloud;
let temporary: string;
let child: ChildProcess;
beforeAll(async () => {
  cloud = await createTestCloud({ databaseUrl: inject('databaseUrl'), amqpUrl: inject('amqpUrl') });
  temporary = mkdtempSync(join(tmpdir(), 'novanet-private-'));
});
afterAll(async () => {
  await cloud?.remove();
  if (temporary) rmSync(temporary, { recursive: true, force: true });
});

let door: PrivateDoor;
beforeEach(async () => {
  const env = {
    ...process.env,
    TMPDIR: temporary,
    NOVANET_DATABASE_CONNECTION: cloud.databaseUrl,
    NOVANET_TRANSPORT_URL: cloud.transportUrl,
  };
  child = fork(program, [], { env, execArgv: [], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  [door] = (await once(child, 'message')) as [PrivateDoor];
});
afterEach(async () => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
});

function statusOf(token?: string): Promise<number | undefined> {
  const { promise, resolve, reject } = Promise.withResolvers<number | undefined>();
  const headers = token === undefined ? {} : { 'x-auth-token': token };
  request({ socketPath: door.socketPath, path: '/v2.1/os-networks', headers }, (response) => {
    response.resume();
    resolve(response.statusCode);
  })
    .once('error', reject)
    .end();
  return promise;
}

it('is there for who has the token alone, where no other user comes', async () => {
  expect(await statusOf(door.token)).toBe(200);
  expect(await statusOf('admin:admin')).toBe(401);
  expect(await statusOf()).toBe(401);
  expect(statSync(dirname(door.socketPath)).mode & 0o777).toBe(0o700);
});

it.each(['its parent is gone', 'SIGTERM'])('leaves nothing behind: %s', async (reason) => {
  const folder = dirname(door.socketPath);
  expect(existsSync(folder)).toBe(true);
  const gone = once(child, 'exit');
  if (reason === 'SIGTERM') child.kill(reason);
  else child.disconnect();
  expect((await gone)[0]).toBe(0);
  expect(existsSync(folder)).toBe(false);
});
