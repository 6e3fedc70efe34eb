import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

import { expectPing, runCommand } from '@novanet/testbed';

import { median } from '../figures/percentile.js';
import { checkout } from '../servers/run-folder.js';
import { workerProgram, type WorkerService } from '../servers/worker.js';
import type { BenchSession } from '../session/bench-session.js';
import type { BenchCloud } from './bench-cloud.js';
import { namespaces, plugInstance } from './host-network.js';
import { type FlowAccount, PingFlow } from './ping-flow.js';

export interface RestartResult {
  readonly instances: number;
  readonly floatingIps: number;
  /** While packets flow through a floating IP to an instance. */
  readonly warm: Start & { readonly flow: FlowAccount };
  /** With everything of the service gone from the host. */
  readonly wiped: Start;
}

interface Start {
  /** From the start of the process to ready: the host is as the database says. */
  readonly seconds: number;
  readonly programs: number;
}

/** What a worker does to its host after it has said that it is ready is to be noticed, too. */
const afterwardsMs = 2_000;

/** Restarts the worker some times, which its instances are not to notice, and once on a host without anything. */
export async function measureRestart(
  { worker }: BenchSession,
  cloud: BenchCloud,
  times: number,
): Promise<RestartResult> {
  const { nic, floatingIp } = cloud.first;
  await plugInstance(nic);
  await expectPing(namespaces.outside, floatingIp);
  const starts: Start[] = [];
  const flows: FlowAccount[] = [];
  for (let time = 0; time < times; time += 1) {
    const flow = PingFlow.start(namespaces.outside, floatingIp);
    try {
      await worker.stop();
      starts.push(await startOf(worker));
      await setTimeout(afterwardsMs);
    } finally {
      flows.push(await flow.stop());
    }
  }
  await worker.stop();
  await drain(worker);
  const wiped = await startOf(worker);
  const { instances, associations: floatingIps } = cloud;
  return { instances, floatingIps, warm: { ...medianOf(starts), flow: worstOf(flows) }, wiped };
}

async function startOf(worker: WorkerService): Promise<Start> {
  const begun = performance.now();
  await worker.start();
  const seconds = (performance.now() - begun) / 1_000;
  return { seconds, programs: await worker.programsRun() };
}

/** Takes everything of the service off the host. */
async function drain({ options }: WorkerService): Promise<void> {
  const argv = [process.execPath, join(checkout, workerProgram), 'drain'];
  await runCommand(argv, { env: { ...process.env, ...options } });
}

function medianOf(starts: readonly Start[]): Start {
  return {
    seconds: median(starts.map(({ seconds }) => seconds)),
    programs: median(starts.map(({ programs }) => programs)),
  };
}

/** Of all flows together: none may lose anything. */
function worstOf(flows: readonly FlowAccount[]): FlowAccount {
  const sum = (key: 'sent' | 'lost') => flows.reduce((total, flow) => total + flow[key], 0);
  return {
    sent: sum('sent'),
    lost: sum('lost'),
    longestGap: Math.max(...flows.map(({ longestGap }) => longestGap)),
  };
}
