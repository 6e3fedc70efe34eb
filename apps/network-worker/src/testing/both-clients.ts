import { RpcRefusal, type RpcAsker, type RpcHow } from '@novanet/testbed';
import type { TestWorker } from './test-worker.js';

type Arguments = Readonly<Record<string, unknown>>;

interface How extends RpcHow {
  /** What must be the case soon after it. */
  readonly after?: (worker: TestWorker) => unknown;
}

/** A request, and what the caller gets: an answer, or what {@link fails} says. */
export type Row = readonly [method: string, args: Arguments, outcome: unknown, how?: How];

/** Requests in the order they are made to a worker of this configuration, whose database is empty. */
export interface Story {
  readonly about: string;
  readonly options?: Readonly<Record<string, string>>;
  readonly rows: readonly Row[];
}

/** The exception and its keywords; Python's own have none, and arrive under another module in each of its lines. */
export function fails(className: string, kwargs: Arguments = {}): RpcRefusal {
  return new RpcRefusal(className, kwargs);
}

interface Outcome {
  readonly request: string;
  readonly outcome: unknown;
}

/** Makes the requests one after the other: what came of them, and what should have. */
export async function tell({ rows }: Story, worker: TestWorker, asker: RpcAsker) {
  const [got, wanted]: [Outcome[], Outcome[]] = [[], []];
  for (const [index, [method, args, answer, { after, ...how } = {}]] of rows.entries()) {
    const request = `request ${index}: ${method} ${JSON.stringify(args)}`;
    got.push({ request, outcome: await asker.ask(worker, method, args, how) });
    wanted.push({ request, outcome: answer });
    await after?.(worker);
  }
  return { got, wanted };
}

/** A user of this project. */
export const userOf = (projectId: string) => ({
  user_id: 'alice',
  project_id: projectId,
  is_admin: false,
  roles: ['member'],
  read_deleted: 'no',
});
