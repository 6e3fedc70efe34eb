// A program of its own, started inside the switch's namespace: it is handed listening sockets of the machine's own
// namespace and connects what arrives there to a port inside.
import { connect, Server, type Socket } from 'node:net';

interface RelayMessage {
  readonly targetPort: number;
}

process.on('message', (message: RelayMessage, server: unknown) => {
  if (!(server instanceof Server)) throw new Error('a message to the relay comes with a server');
  server.on('connection', (outer: Socket) => relay(outer, message.targetPort));
  process.send?.('relaying');
});
process.on('SIGINT', () => undefined);

function relay(outer: Socket, port: number): void {
  const inner = connect({ port, host: '127.0.0.1', noDelay: true });
  outer.setNoDelay(true);
  const ends = [outer, inner] as const;
  for (const end of ends) {
    end.on('error', () => ends.forEach((one) => one.destroy()));
    end.on('close', () => ends.forEach((one) => one.destroy()));
  }
  outer.pipe(inner).pipe(outer);
}
