import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/** Keeps one address from taking all connections that there can be: what is too much is cut off. */
export function limitConnections(server: Server, mostForEach: number): void {
  const open = new Map<string, number>();
  server.on('connection', (socket: Socket) => {
    const peer = socket.remoteAddress ?? '';
    const count = (open.get(peer) ?? 0) + 1;
    open.set(peer, count);
    socket.once('close', () => {
      const left = (open.get(peer) ?? 1) - 1;
      if (left > 0) open.set(peer, left);
      else open.delete(peer);
    });
    if (count > mostForEach) socket.destroy();
  });
}
