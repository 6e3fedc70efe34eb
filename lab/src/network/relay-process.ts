import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';

import { identifyProcess, inNamespace, type ProcessIdentity } from '@novanet/testbed';

import { LabError } from '../plan/lab-error.js';
import { insidePorts, type LabPlan } from '../plan/lab-plan.js';
import type { LabFolder } from '../state/lab-folder.js';
import type { LabState } from '../state/lab-state.js';

type Service = keyof typeof insidePorts;

/** Ports asked for on the command line; the others are chosen. */
export type WantedPorts = Readonly<Partial<Record<Service, number>>>;

/**
 * Opens ports of 127.0.0.1 of this machine that lead to broker, database and API. The process that serves them lives
 * inside the lab and ends with it. Throws LabError when a wanted port is taken.
 */
export async function startRelay(
  plan: LabPlan,
  folder: LabFolder,
  wanted: WantedPorts,
): Promise<LabState['ports']> {
  const ports = { amqp: 0, database: 0, api: 0 };
  const servers = new Map<Service, Server>();
  try {
    for (const service of ['amqp', 'database', 'api'] as const) {
      const server = await listen(service, wanted[service] ?? 0);
      servers.set(service, server);
      ports[service] = portOf(server);
    }
    writeFileSync(folder.at('relay.pid'), JSON.stringify(await handOver(plan.switch.netns, servers)));
  } finally {
    for (const server of servers.values()) server.close();
  }
  return ports;
}

async function listen(service: Service, port: number): Promise<Server> {
  const server = createServer();
  server.listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch (error) {
    throw new LabError(
      `port ${port} of 127.0.0.1 is taken: end the program that listens there, or give another --${service}-port.`,
      { cause: error },
    );
  }
  return server;
}

function portOf(server: Server): number {
  const address = server.address();
  if (typeof address !== 'object' || !address) throw new Error('a listening server has a port');
  return address.port;
}

async function handOver(
  netns: string,
  servers: ReadonlyMap<Service, Server>,
): Promise<ProcessIdentity | undefined> {
  const program = join(import.meta.dirname, 'relay.js');
  const [command = '', ...args] = inNamespace(netns, [process.execPath, program]);
  const child = spawn(command, args, {
    detached: true,
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  try {
    for (const [service, server] of servers) {
      const answered = Promise.race([once(child, 'message'), failure(child)]);
      child.send({ targetPort: insidePorts[service] }, server);
      await answered;
    }
    return child.pid === undefined ? undefined : identifyProcess(child.pid);
  } finally {
    if (child.connected) child.disconnect();
    child.unref();
  }
}

async function failure(child: ReturnType<typeof spawn>): Promise<never> {
  const [code] = await once(child, 'exit');
  throw new LabError(`the relay into the lab did not start (exit code ${code}).`);
}
