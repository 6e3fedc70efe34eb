import type { ConvergeReport, StageChange } from '@novanet/linux-net';
import type { RpcObserver } from '@novanet/messaging';
import { Counter, Gauge, Histogram } from '@novanet/observability';

const seconds = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

const requests = new Histogram({
  name: 'novanet_rpc_request_seconds',
  help: 'Duration of the requests this worker answered.',
  labelNames: ['method', 'outcome'],
  buckets: seconds,
});
const converges = new Histogram({
  name: 'novanet_converge_seconds',
  help: 'Duration of the comparisons of this host with what the database says.',
  labelNames: ['changed'],
  buckets: seconds,
});
const commands = new Counter({
  name: 'novanet_host_commands_total',
  help: 'Programs that the comparisons of this host with the database have run.',
});
const problems = new Gauge({
  name: 'novanet_converge_problems',
  help: 'What the last comparison could not make real.',
});

const drift = new Counter({
  name: 'novanet_host_drift_total',
  help: 'Parts of this host that differed though nobody had asked for a change, and were mended.',
  labelNames: ['stage'],
});

const repairs = new Counter({
  name: 'novanet_reconciled_rows_total',
  help: 'Rows of the database that a lost message or a crash had left behind, and that this worker set right.',
  labelNames: ['kind'],
});

export const rpcMetrics: RpcObserver = {
  served: ({ method, outcome, seconds: duration }) => requests.observe({ method, outcome }, duration),
};

export function recordConverge(report: ConvergeReport, startedAt: number): void {
  converges.observe({ changed: String(report.changed) }, (performance.now() - startedAt) / 1000);
  commands.inc(report.commands);
  problems.set(report.problems.length);
}

/** Somebody or something else had changed the host. */
export function countDrift(changes: readonly StageChange[]): void {
  for (const { stage } of changes) drift.inc({ stage });
}

/** Kind → how many there were; those of which there were none are counted too, so that each kind is to be seen. */
export function countRepairs(counts: Readonly<Record<string, number>>): void {
  for (const [kind, count] of Object.entries(counts)) repairs.inc({ kind }, count);
}
