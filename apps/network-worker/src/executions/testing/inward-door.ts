import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, Server, type Socket } from 'node:net';
import { inNamespace } from '@novanet/testbed';

/** Listens where it was started, and hands its socket to whoever started it. */
const LISTENER = `
const server = require('node:net').createServer().listen(0, '127.0.0.1', () =>
  process.send(server.address().port, server, () => { server.close(); process.disconnect(); }));
`;

/** A port of a namespace's own loopback device that leads to a server outside of the namespace. */
export interface InwardDoor {
  readonly port: number;
  close(): void;
}

export async function openDoor(netns: string, target: { host: string; port: number }): Promise<InwardDoor> {
  const [program = '', ...args] = inNamespace(netns, [process.execPath, '-e', LISTENER]);
  const child = spawn(program, args, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const [port, server]: unknown[] = await once(child, 'message');
  if (!(server instanceof Server) || typeof port !== 'number') throw new Error('no door was opened');
  const open = new Set<Socket>();
  server.on('connection', (inner: Socket) => {
    const outer = connect({ ...target, noDelay: true });
    inner.setNoDelay(true);
    const ends = [inner, outer] as const;
    for (const end of ends) {
      open.add(end);
      end.on('error', () => ends.forEach((one) => one.destroy()));
      end.on('close', () => {
        ends.forEach((one) => one.destroy());
        open.delete(end);
      });
    }
    inner.pipe(outer).pipe(inner);
  });
  const close = () => {
    server.close();
    for (const socket of open) socket.destroy();
  };
  return { port, close };
}
