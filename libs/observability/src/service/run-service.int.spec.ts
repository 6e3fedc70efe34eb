import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { DynamicModule, INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { afterEach, describe, expect, it } from 'vitest';
import { createLogger, metrics, nestOptions, ObservabilityModule, runService } from '../index.js';
import type { ServiceParts } from '../index.js';
import type { ProcessHost } from './process-host.js';

const quiet = createLogger('test', 'fatal');

/** A process that does not end: it tells what it would have done. */
class FakeProcess implements ProcessHost {
  readonly said: string[] = [];
  readonly complaints: string[] = [];
  readonly exits: number[] = [];
  readonly exited = Promise.withResolvers<number>();
  signal: (name: string) => void = () => undefined;
  uncaught: (error: unknown) => void = () => undefined;

  onSignal(listener: (signal: string) => void) {
    this.signal = listener;
  }
  onUncaught(listener: (error: unknown) => void) {
    this.uncaught = listener;
  }
  say(text: string) {
    this.said.push(text);
  }
  complain(text: string) {
    this.complaints.push(text);
  }
  exit(code: number) {
    this.exits.push(code);
    this.exited.resolve(code);
  }
}

let cleanup: (() => unknown)[] = [];
afterEach(async () => {
  metrics.clear();
  for (const each of cleanup.toReversed()) await each();
  cleanup = [];
});

async function takenPort(): Promise<number> {
  const server: Server = createServer().listen(0, '127.0.0.1');
  cleanup.push(() => server.close());
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

/** A module without content, that does this when it is closed. */
function closing(onApplicationShutdown: () => unknown): DynamicModule {
  return {
    module: class {
      readonly name = 'part';
    },
    providers: [{ provide: 'part', useValue: { onApplicationShutdown } }],
  };
}

const empty = closing(() => undefined);

async function appWith(module: DynamicModule): Promise<INestApplication> {
  const app = await NestFactory.create(module, nestOptions(quiet));
  cleanup.push(() => app.close());
  return app;
}

const listening = {
  host: '127.0.0.1',
  port: 0,
  hostOption: 'metadata_listen',
  portOption: 'metadata_listen_port',
};

function serviceOf(create: () => Promise<ServiceParts>, configure = () => ({ logLevel: 'fatal' as const })) {
  return { name: 'novanet-test', configure, create };
}

describe('a service', () => {
  it('answers health and metrics, also while something is missing', async () => {
    let isThere = false;
    const check = () => {
      if (!isThere) throw new Error('connect rabbit://u:secret@h refused');
    };
    const app = await appWith(ObservabilityModule.forRoot({ checks: [{ name: 'broker', check }] }));
    await runService(
      serviceOf(async () => ({ servers: [{ ...listening, app }] })),
      new FakeProcess(),
    );
    const get = async (path: string) => {
      const answer = await fetch(`${await app.getUrl()}${path}`);
      return { status: answer.status, body: await answer.text() };
    };
    expect(await get('/health/live')).toEqual({ status: 200, body: '{"status":"live"}' });
    expect(await get('/health/ready')).toEqual({
      status: 503,
      body: '{"status":"not ready","checks":{"broker":"connect rabbit://u:***@h refused"}}',
    });
    isThere = true;
    expect(await get('/health/ready')).toEqual({
      status: 200,
      body: '{"status":"ready","checks":{"broker":"ok"}}',
    });
    expect((await get('/metrics')).body).toMatch(/^process_cpu_seconds_total /m);
  });

  it('closes everything on a signal, last opened first, and exits with 0', async () => {
    const closed: string[] = [];
    const moduleNamed = (name: string) => closing(() => closed.push(name));
    const servers = [
      { ...listening, app: await appWith(moduleNamed('health')) },
      { ...listening, app: await appWith(moduleNamed('guests')) },
    ];
    const host = new FakeProcess();
    const neverReady = () => new Promise<void>(() => undefined);
    void runService(
      serviceOf(async () => ({ servers, start: neverReady })),
      host,
    );
    await expect.poll(() => servers[1]?.app.getHttpServer().listening).toBe(true);
    host.signal('SIGTERM');
    expect(await host.exited.promise).toBe(0);
    expect(closed).toEqual(['guests', 'health']);
  });

  it('exits at once on a second signal', async () => {
    const end = Promise.withResolvers<void>();
    const app = await NestFactory.create(
      closing(() => end.promise),
      nestOptions(quiet),
    );
    cleanup.push(end.resolve);
    const host = new FakeProcess();
    await runService(
      serviceOf(async () => ({ servers: [{ ...listening, app }] })),
      host,
    );
    host.signal('SIGTERM');
    expect(host.exits).toEqual([]);
    host.signal('SIGINT');
    expect(host.exits).toEqual([1]);
  });

  it('says what to do when its port is taken', async () => {
    const port = await takenPort();
    const host = new FakeProcess();
    const app = await appWith(empty);
    await runService(
      serviceOf(async () => ({ servers: [{ ...listening, app, port }] })),
      host,
    );
    expect(host.complaints).toEqual([
      `novanet-test: port ${port} on 127.0.0.1 is taken by another program; change metadata_listen_port or stop it`,
    ]);
    expect(host.exits).toEqual([1]);
  });

  it('says what to do when its address is not of this machine', async () => {
    const host = new FakeProcess();
    const server = { ...listening, app: await appWith(empty), host: '192.0.2.1' };
    await runService(
      serviceOf(async () => ({ servers: [server] })),
      host,
    );
    expect(host.complaints).toEqual([
      'novanet-test: this machine has no address 192.0.2.1; change metadata_listen',
    ]);
  });

  it('tells every problem of its configuration', async () => {
    const host = new FakeProcess();
    const configure = () => {
      throw Object.assign(new Error('x'), {
        problems: ['my_ip in a line 1: wrong', 'host in a line 2: wrong'],
      });
    };
    await runService(
      serviceOf(async () => ({ servers: [] }), configure),
      host,
    );
    expect(host.complaints).toEqual([
      'novanet-test: my_ip in a line 1: wrong',
      'novanet-test: host in a line 2: wrong',
    ]);
    expect(host.exits).toEqual([1]);
  });

  it('prints what the command line asked for', async () => {
    const host = new FakeProcess();
    const configure = () => {
      throw Object.assign(new Error('x'), { text: 'novanet 1.2.3' });
    };
    await runService(
      serviceOf(async () => ({ servers: [] }), configure),
      host,
    );
    expect([host.said, host.complaints, host.exits]).toEqual([['novanet 1.2.3'], [], [0]]);
  });

  it('ends when its work cannot be begun', async () => {
    const host = new FakeProcess();
    const start = () => Promise.reject(new Error('the exchange exists with other properties'));
    await runService(
      serviceOf(async () => ({ servers: [], start })),
      host,
    );
    expect(host.complaints).toEqual(['novanet-test: the exchange exists with other properties']);
    expect(host.exits).toEqual([1]);
  });

  it('ends on an error nobody caught', async () => {
    const host = new FakeProcess();
    await runService(
      serviceOf(async () => ({ servers: [] })),
      host,
    );
    host.uncaught(new Error('bug'));
    expect(host.exits).toEqual([1]);
  });
});
