import { OsloBroker, OsloClient } from '@novanet/messaging';

import { PythonCallers } from '../callers/python-callers.js';
import { Tally } from '../meters/meters.js';
import { StatementMeter } from '../meters/statement-meter.js';
import { startBackingServers, type BackingServers } from '../servers/backing-servers.js';
import { type NodeService, startNodeService } from '../servers/node-service.js';
import { startWorker, type WorkerOptions, type WorkerService } from '../servers/worker.js';
import type { Terminal } from '../terminal/terminal.js';

/** One Python process would be the bottleneck; a third one would only take processor time from the others. */
const callerProcesses = 2;

/** Everything that runs while something is measured. */
export interface BenchSession {
  readonly servers: BackingServers;
  readonly callers: PythonCallers;
  readonly worker: WorkerService;
  /** Of calls to the worker, or to the server that does nothing. */
  tally(server: 'worker' | 'echo'): Tally;
  /** For what is not measured. */
  call(
    method: string,
    args: Readonly<Record<string, unknown>>,
    how?: { readonly version?: string; readonly namespace?: string },
  ): Promise<unknown>;
  /** Ends what can be asked to; the servers are killed with their data. */
  end(): Promise<void>;
}

/** @param options of the worker */
export async function startSession(terminal: Terminal, options: WorkerOptions): Promise<BenchSession> {
  const servers = await terminal.step('starting MariaDB and RabbitMQ', startBackingServers);
  const { amqpUrl, databaseUrl } = servers;
  const worker = await terminal.step('starting a network worker', () => startWorker(servers, options));
  const echo = await startEchoServer(amqpUrl);
  const callers = PythonCallers.start(amqpUrl, callerProcesses);
  terminal.onInterrupt(() => callers.stop());
  const meter = await StatementMeter.connect(databaseUrl);
  const broker = new OsloBroker({ transportUrl: amqpUrl, serviceName: 'bench', log: silence });
  const client = new OsloClient({ broker });
  return {
    servers,
    callers,
    worker,
    tally: (server) =>
      new Tally(meter, {
        server: (server === 'worker' ? worker : echo).pid,
        programsRun: server === 'worker' ? () => worker.programsRun() : async () => 0,
        callers: callers.pids,
        database: servers.databasePid,
        broker: servers.brokerPid,
      }),
    call: (method, args, how = {}) => client.call({ topic: 'network', version: '1.0', ...how }, method, args),
    async end() {
      callers.stop();
      await Promise.all([worker.stop(), echo.stop(), client.close(), meter.close()]);
    },
  };
}

function startEchoServer(amqpUrl: string): Promise<NodeService> {
  return startNodeService({
    name: 'echo',
    program: 'bench/dist/limits/echo-server.js',
    env: { ECHO_TRANSPORT_URL: amqpUrl },
    isReady: async (service) => service.lastLogLines(1) === 'ready',
  });
}

const silence = { debug: ignore, info: ignore, warn: ignore, error: ignore };

function ignore(): void {
  // What goes wrong is in the error of the call.
}
