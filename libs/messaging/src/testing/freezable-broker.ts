import { readdirSync, readFileSync } from 'node:fs';

import { BackgroundProcess, signal, startRabbitmq, waitFor, type BackingServer } from '@novanet/testbed';

export interface FreezableBroker {
  readonly url: string;
  /** It keeps its connections and answers nothing, from when this resolves. */
  freeze(): Promise<void>;
  thaw(): void;
  remove(): Promise<void>;
}

/** A private broker that can stop answering without its connections ending. */
export async function freezableBroker(): Promise<FreezableBroker> {
  const rabbitmq: BackingServer = await startRabbitmq();
  const { directory, url } = rabbitmq;
  const server = new BackgroundProcess({ directory, name: 'rabbitmq', argv: [] }).identity();
  if (!server) throw new Error(`no process of the broker is recorded in ${directory}`);
  return {
    url,
    freeze: async () => {
      signal(server, 'SIGSTOP');
      await waitFor(() => isStopped(server.pid), { limitMs: 5000, what: 'the broker stands still' });
    },
    thaw: () => signal(server, 'SIGCONT'),
    remove: () => rabbitmq.remove(),
  };
}

/** All threads: on a busy machine the last one stands still long after the signal. */
function isStopped(pid: number): boolean {
  const states = readdirSync(`/proc/${pid}/task`).map((task) => {
    const text = readFileSync(`/proc/${pid}/task/${task}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2, text.lastIndexOf(')') + 3);
  });
  return states.every((state) => state === 'T');
}
