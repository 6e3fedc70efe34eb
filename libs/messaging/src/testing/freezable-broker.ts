import { BackgroundProcess, signal, startRabbitmq, type BackingServer } from '@novanet/testbed';

export interface FreezableBroker {
  readonly url: string;
  /** It keeps its connections and answers nothing. */
  freeze(): void;
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
    freeze: () => signal(server, 'SIGSTOP'),
    thaw: () => signal(server, 'SIGCONT'),
    remove: () => rabbitmq.remove(),
  };
}
