import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

import { BackgroundProcess } from '../processes/background-process.js';
import { ProgramMissing } from '../processes/debian-package.js';
import { tryCommand } from '../processes/run-command.js';
import { type BackingServer, type BackingServerOptions, newDirectory } from './backing-server.js';
import { freePorts } from './free-ports.js';

interface Ports {
  readonly amqp: number;
  /** Erlang's own: distribution, and the port mapper. Never the system's 4369 outside a namespace. */
  readonly distribution: number;
  readonly mapper: number;
}

/**
 * The broker described by the options, which may or may not run. User and password are guest; from
 * other addresses than loopback, too, because it is reachable only inside its namespace.
 */
export async function rabbitmqServer(options: BackingServerOptions = {}): Promise<BackingServer> {
  const directory = options.directory ?? newDirectory('rabbitmq');
  const ports = await choosePorts(options);
  const environment = brokerEnvironment(directory, ports, options.netns);
  const place = { directory, netns: options.netns, env: environment };
  // Started by us, in the foreground, so that it can be ended; Erlang would leave a daemon behind.
  const mapper = new BackgroundProcess({ ...place, name: 'epmd', argv: ['epmd'] });
  const broker = new BackgroundProcess({ ...place, name: 'rabbitmq', argv: [findServerScript()] });
  const kill = async () => {
    await broker.kill();
    await mapper.kill();
  };
  return {
    url: `amqp://guest:guest@${options.address ?? '127.0.0.1'}:${ports.amqp}/`,
    port: ports.amqp,
    directory,
    async start() {
      if (broker.identity()) return;
      writeConfiguration(directory);
      await mapper.start();
      await broker.start();
      await broker.waitUntil(() => greets(ports.amqp, options.netns), 60_000);
    },
    async stop() {
      await broker.stop(20_000);
      await mapper.stop();
    },
    kill,
    isRunning: () => broker.identity() !== undefined,
    async remove() {
      await kill();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** Starts a private RabbitMQ and returns when it answers (some 4 s). Throws ProgramMissing. */
export async function startRabbitmq(options: BackingServerOptions = {}): Promise<BackingServer> {
  const server = await rabbitmqServer(options);
  await server.start();
  return server;
}

async function choosePorts({ netns, port }: BackingServerOptions): Promise<Ports> {
  if (netns) return { amqp: port ?? 5672, distribution: 25_672, mapper: 4369 };
  const [amqp = 0, distribution = 0, mapper = 0] = await freePorts(3);
  return { amqp: port ?? amqp, distribution, mapper };
}

/**
 * The distribution's script in /usr/sbin switches to the user rabbitmq and to the system's directories;
 * what it wraps does not.
 */
function findServerScript(): string {
  const path = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => !folder.endsWith('sbin'));
  const found = ['/usr/lib/rabbitmq/bin', ...path]
    .map((folder) => join(folder, 'rabbitmq-server'))
    .find((file) => existsSync(file));
  if (!found) throw new ProgramMissing('rabbitmq-server');
  return found;
}

function writeConfiguration(directory: string): void {
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, 'rabbitmq.conf'), 'loopback_users = none\n');
  writeFileSync(join(directory, 'environment.conf'), '');
  writeFileSync(join(directory, 'enabled_plugins'), '[].\n');
}

function brokerEnvironment(directory: string, ports: Ports, netns: string | undefined): NodeJS.ProcessEnv {
  return {
    PATH: process.env['PATH'],
    LANG: 'C.UTF-8',
    // Erlang keeps its cookie here.
    HOME: directory,
    // Makes the script become the Erlang machine, which then ends in good order on SIGTERM.
    RUNNING_UNDER_SYSTEMD: 'true',
    ERL_EPMD_PORT: String(ports.mapper),
    ERL_EPMD_ADDRESS: '127.0.0.1',
    RABBITMQ_NODENAME: `novanet-${ports.amqp}@localhost`,
    RABBITMQ_NODE_IP_ADDRESS: netns ? '0.0.0.0' : '127.0.0.1',
    RABBITMQ_NODE_PORT: String(ports.amqp),
    RABBITMQ_DIST_PORT: String(ports.distribution),
    RABBITMQ_MNESIA_BASE: join(directory, 'data'),
    RABBITMQ_LOG_BASE: join(directory, 'log'),
    RABBITMQ_CONFIG_FILE: join(directory, 'rabbitmq.conf'),
    RABBITMQ_CONF_ENV_FILE: join(directory, 'environment.conf'),
    RABBITMQ_ENABLED_PLUGINS_FILE: join(directory, 'enabled_plugins'),
    // Nobody else's business, and little idle work.
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS:
      '-kernel inet_dist_use_interface {127,0,0,1} +S 2:2 +sbwt none +sbwtdcpu none +sbwtdio none',
  };
}

/** Sends AMQP's header; a broker that is ready answers with a method frame (type 1). */
const greeting = `
  const socket = require('node:net').connect(Number(process.argv[1]), '127.0.0.1');
  socket.setTimeout(2000, () => process.exit(1));
  socket.on('error', () => process.exit(1)).on('connect', () => socket.write('AMQP\\0\\0\\x09\\x01'));
  socket.on('data', (data) => process.exit(data[0] === 1 ? 0 : 1)).on('end', () => process.exit(1));
`;

/** A process of its own asks, because only a process inside a namespace can connect there. */
async function greets(port: number, netns: string | undefined): Promise<boolean> {
  const argv = [process.execPath, '-e', greeting, String(port)];
  const { exitCode } = await tryCommand(argv, { netns });
  return exitCode === 0;
}
