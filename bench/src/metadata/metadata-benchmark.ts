import { freePorts } from '@novanet/testbed';
import autocannon from 'autocannon';

import { callsFor } from '../allocate/instance-calls.js';
import { median } from '../figures/percentile.js';
import { type NodeService, startNodeService } from '../servers/node-service.js';
import { withoutDataplane } from '../servers/worker.js';
import { type BenchSession, startSession } from '../session/bench-session.js';
import { BenchError } from '../terminal/bench-error.js';
import type { Terminal } from '../terminal/terminal.js';

/** What the user can choose. */
export interface MetadataOptions {
  /** Instances' connections at a time. */
  readonly connections: number;
  readonly seconds: number;
  /** Each path is asked for so often, in turns; medians count. */
  readonly repeat: number;
}

/** How a path was answered. */
export interface LoadFigure {
  readonly what: string;
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  /** Answers that were none, or errors. */
  readonly failures: number;
}

/** The address of the instance is that from which everything on this machine asks: in this network it is no router's. */
const INSTANCE = '127.0.0.1';
const NETWORK = { label: 'bench', cidr: '126.0.0.0/7', num_networks: 1, network_size: 2 ** 25 };
const UUID = 'd8e02d56-2648-49a3-bf97-6be8f1204f38';

export const bareServer = 'bare Node HTTP server';
const PATHS = ['/latest/meta-data/instance-id', '/openstack/latest/meta_data.json'];

/** Asks the metadata service as fast as it answers, and in turns with it a server that does nothing. */
export async function runMetadataBenchmark(
  options: MetadataOptions,
  terminal: Terminal,
): Promise<readonly LoadFigure[]> {
  const session = await startSession(terminal, withoutDataplane);
  await terminal.step('allocating an instance', () => bootInstance(session));
  const [servicePort = 0, barePort = 0, healthPort = 0] = await freePorts(3);
  const service = await terminal.step('starting the metadata service', () =>
    startMetadata(session.servers.databaseUrl, servicePort, healthPort),
  );
  const bare = await startBare(barePort);
  const targets = [
    { what: bareServer, url: `http://127.0.0.1:${barePort}/` },
    ...PATHS.map((path) => ({ what: path, url: `http://127.0.0.1:${servicePort}${path}` })),
  ];
  const rounds: LoadFigure[] = [];
  for (let round = 1; round <= options.repeat; round += 1) {
    for (const target of targets) {
      const title = `${target.what} (${round} of ${options.repeat})`;
      rounds.push(await terminal.step(title, () => load(target, options)));
    }
  }
  await terminal.step('ending', () => Promise.all([service.stop(), bare.stop(), session.end()]));
  return targets.map(({ what }) => middleOf(rounds.filter((one) => one.what === what)));
}

async function bootInstance(session: BenchSession): Promise<void> {
  await session.call('create_networks', NETWORK);
  const networks = await session.call('get_all_networks', {});
  const [pattern] = callsFor('allocate_for_instance', [UUID]).calls;
  const args = { ...pattern, requested_networks: [[uuidOfFirst(networks), INSTANCE]] };
  // Who is not told of is asked to come again, at first.
  await session.call('put_instance', { instance: { uuid: UUID } }, { namespace: 'novanet' });
  await session.call('allocate_for_instance', args, { version: '1.13' });
}

function uuidOfFirst(networks: unknown): string {
  const first: unknown = Array.isArray(networks) ? networks[0] : undefined;
  if (typeof first === 'object' && first !== null && 'uuid' in first) return String(first.uuid);
  throw new BenchError('get_all_networks answered no network.');
}

function startMetadata(databaseUrl: string, port: number, healthPort: number): Promise<NodeService> {
  return startNodeService({
    name: 'metadata',
    program: 'apps/metadata/dist/main.js',
    env: {
      NOVANET_DATABASE_CONNECTION: databaseUrl,
      NOVANET_METADATA_LISTEN: '127.0.0.1',
      NOVANET_METADATA_LISTEN_PORT: String(port),
      NOVANET_METADATA_HEALTH_PORT: String(healthPort),
      NOVANET_METADATA_RATE_LIMIT: '0',
    },
    isReady: async () => (await fetch(`http://127.0.0.1:${healthPort}/health/ready`)).ok,
  });
}

function startBare(port: number): Promise<NodeService> {
  return startNodeService({
    name: 'bare',
    program: 'bench/dist/limits/bare-server.js',
    env: { BARE_PORT: String(port) },
    isReady: async (service) => service.lastLogLines(1) === 'ready',
  });
}

async function load(
  { what, url }: { readonly what: string; readonly url: string },
  { connections, seconds }: MetadataOptions,
): Promise<LoadFigure> {
  const answer = await fetch(url);
  if (!answer.ok) throw new BenchError(`${url} answered ${answer.status}.`);
  const { requests, latency, non2xx, errors } = await autocannon({ url, connections, duration: seconds });
  const { p50, p99 } = latency;
  return { what, perSecond: requests.average, p50, p99, failures: non2xx + errors };
}

/** Each figure's median. */
function middleOf(rounds: readonly LoadFigure[]): LoadFigure {
  const of = (key: 'perSecond' | 'p50' | 'p99') => median(rounds.map((round) => round[key]));
  const failures = rounds.reduce((sum, round) => sum + round.failures, 0);
  const what = rounds[0]?.what ?? '';
  return { what, perSecond: of('perSecond'), p50: of('p50'), p99: of('p99'), failures };
}
