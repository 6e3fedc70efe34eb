import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** A way to a server through us. */
export interface TcpProxy {
  /** The server's URL through this proxy. */
  readonly url: string;
  /** Ends every connection, and takes none from now on. */
  close(): Promise<void>;
}

/**
 * Open until the running test ends.
 * @param isAnswerLost is asked of each packet to the server: the answer to it is lost, with the connection
 */
export async function tcpProxy(
  serverUrl: string,
  isAnswerLost: (packet: Buffer) => boolean = () => false,
): Promise<TcpProxy> {
  const target = new URL(serverUrl);
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(Number(target.port), target.hostname);
    for (const [socket, other] of [[near, far] as const, [far, near] as const]) {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', () => other.destroy());
      socket.on('close', () => sockets.delete(socket) && other.destroy());
    }
    let isLost = false;
    near.on('data', (packet) => {
      isLost ||= isAnswerLost(packet);
      far.write(packet);
    });
    far.on('data', (packet) => (isLost ? near.destroy() : near.write(packet)));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the proxy has no port');
  const close = async () => {
    for (const socket of sockets) socket.destroy();
    if (!server.listening) return;
    server.close();
    await once(server, 'close');
  };
  onTestFinished(close);
  const { href: url } = Object.assign(new URL(serverUrl), {
    hostname: '127.0.0.1',
    port: String(address.port),
  });
  return { url, close };
}
