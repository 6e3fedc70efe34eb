import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

export interface CuttableBroker {
  /** Leads to the broker through us. */
  readonly url: string;
  /** Ends every connection at once, as a network that fails does. */
  cut(): void;
  /** Refuses connections from now on, or takes them again. */
  refuse(isRefusing: boolean): void;
  close(): Promise<void>;
}

/** A way to the broker that can be cut. */
export async function cuttableBroker(brokerUrl: string): Promise<CuttableBroker> {
  const target = new URL(brokerUrl);
  const sockets = new Set<Socket>();
  let isRefusing = false;
  const server = createServer((near) => {
    if (isRefusing) return near.destroy();
    const far = connect(Number(target.port), target.hostname);
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.pipe(other);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        other.destroy();
      });
    }
    return undefined;
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const cut = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: Object.assign(new URL(brokerUrl), { hostname: '127.0.0.1', port: String(port) }).href,
    cut,
    refuse: (value) => (isRefusing = value),
    async close() {
      cut();
      server.close();
      await once(server, 'close');
    },
  };
}
