import { closeSync, existsSync, mkdirSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { join } from 'node:path';

import { BackgroundProcess } from '../processes/background-process.js';
import { runCommand } from '../processes/run-command.js';
import { type BackingServer, type BackingServerOptions, newDirectory } from './backing-server.js';
import { freePorts } from './free-ports.js';

const user = 'novanet';
const password = 'novanet';
const protocolPort = 3306;
/** Relative to the data directory. */
const socketName = 'mariadb.sock';

export interface MariadbOptions extends BackingServerOptions {
  /** Made at first start, and named in `url`; default: none. */
  readonly schema?: string;
  /** Given to the daemon after ours, so that they win. */
  readonly daemonArguments?: readonly string[];
}

/** The server described by the options, which may or may not run. */
export async function mariadbServer(options: MariadbOptions = {}): Promise<BackingServer> {
  const { schema, directory = newDirectory('mariadb') } = options;
  const port = options.port ?? (options.netns ? protocolPort : ((await freePorts(1))[0] ?? 0));
  const daemon = new BackgroundProcess({
    name: 'mariadb',
    directory,
    netns: options.netns,
    argv: [
      'mariadbd',
      ...standardArguments(directory, port, options.netns),
      ...(options.daemonArguments ?? []),
    ],
  });
  return {
    url: `mysql://${user}:${password}@${options.address ?? '127.0.0.1'}:${port}${schema ? `/${schema}` : ''}`,
    port,
    directory,
    async start() {
      await installDatabase(options, directory);
      await daemon.start();
      await daemon.waitUntil(() => greets(join(directory, 'data')), 30_000);
    },
    stop: () => daemon.stop(10_000),
    kill: () => daemon.kill(),
    isRunning: () => daemon.identity() !== undefined,
    async remove() {
      await daemon.kill();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** Starts a private MariaDB and returns when it answers. Throws ProgramMissing. */
export async function startMariadb(options: MariadbOptions = {}): Promise<BackingServer> {
  const server = await mariadbServer(options);
  await server.start();
  return server;
}

const runAs = process.getuid?.() === 0 ? ['--user=root'] : [];

/** Makes the system tables, once; a half-made installation of an interrupted run is made anew. */
async function installDatabase({ netns, schema }: MariadbOptions, directory: string): Promise<void> {
  const complete = join(directory, 'installed');
  if (existsSync(complete)) return;
  const data = join(directory, 'data');
  rmSync(data, { recursive: true, force: true });
  mkdirSync(data, { recursive: true });
  mkdirSync(join(directory, 'tmp'), { recursive: true });
  await runCommand(
    [
      'mariadb-install-db',
      '--no-defaults',
      ...runAs,
      `--datadir=${data}`,
      `--tmpdir=${join(directory, 'tmp')}`,
      '--auth-root-authentication-method=normal',
      '--skip-test-db',
      '--innodb-log-file-size=16M',
    ],
    // In the namespace, so that it ends with it.
    { netns, timeoutMs: 60_000 },
  );
  writeFileSync(
    join(directory, 'init.sql'),
    [
      `CREATE USER IF NOT EXISTS '${user}'@'%' IDENTIFIED BY '${password}';`,
      `GRANT ALL PRIVILEGES ON *.* TO '${user}'@'%' WITH GRANT OPTION;`,
      ...(schema ? [`CREATE DATABASE IF NOT EXISTS \`${schema}\` CHARACTER SET utf8mb4;`] : []),
      '',
    ].join('\n'),
  );
  writeFileSync(complete, '');
}

/** Fast rather than safe against power cuts of the machine: its data is worth nothing. */
function standardArguments(directory: string, port: number, netns: string | undefined): string[] {
  return [
    '--no-defaults',
    ...runAs,
    `--datadir=${join(directory, 'data')}`,
    `--tmpdir=${join(directory, 'tmp')}`,
    `--init-file=${join(directory, 'init.sql')}`,
    `--socket=${socketName}`,
    '--pid-file=mariadb.pid',
    `--port=${port}`,
    `--bind-address=${netns ? '0.0.0.0' : '127.0.0.1'}`,
    '--skip-name-resolve',
    '--skip-log-bin',
    '--performance-schema=OFF',
    '--innodb-flush-log-at-trx-commit=0',
    '--innodb-doublewrite=0',
    '--innodb-log-file-size=16M',
    '--innodb-buffer-pool-size=64M',
    '--max-connections=500',
  ];
}

const handshakeProtocol = 10;

/** True when the server of this data directory greets. A socket file is reachable from every network namespace. */
function greets(dataDirectory: string): Promise<boolean> {
  // Through a descriptor, because the path of a socket may have no more than 107 characters.
  const directory = openSync(dataDirectory, 'r');
  return new Promise<boolean>((resolve) => {
    const socket = createConnection({ path: `/proc/self/fd/${directory}/${socketName}` });
    const answer = (value: boolean) => {
      socket.destroy();
      resolve(value);
    };
    socket.setTimeout(1_000, () => answer(false));
    socket.once('error', () => answer(false));
    // Four bytes of packet header come before the protocol's number.
    socket.once('data', (packet: Buffer) => answer(packet[4] === handshakeProtocol));
  }).finally(() => closeSync(directory));
}
