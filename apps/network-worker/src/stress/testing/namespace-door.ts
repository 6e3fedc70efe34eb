import { spawn } from 'node:child_process';
import { connect, Server, type Socket } from 'node:net';
import { inNamespace } from '@novanet/testbed';

/** Listens in the namespace and hands the sockets to us, who are outside. */
const LISTENER = `
  const net = require('node:net');
  for (const port of process.argv.slice(1).map(Number)) {
    const server = net.createServer().listen(port, '127.0.0.1', () => process.send({ port }, server));
  }`;

/** Lets processes of a namespace reach these servers under the URLs that they have here, until it is closed. */
export async function openDoor(netns: string, urls: readonly string[]): Promise<() => void> {
  const ports = urls.map((url) => new URL(url).port);
  const [program = '', ...args] = inNamespace(netns, [process.execPath, '-e', LISTENER, ...ports]);
  const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const servers: Server[] = [];
  const { promise: opened, resolve, reject } = Promise.withResolvers<void>();
  child.on('error', reject);
  child.on('exit', (code) => reject(new Error(`nobody listens in ${netns} (exit code ${code})`)));
  child.on('message', (message: { readonly port: number }, server: unknown) => {
    if (!(server instanceof Server)) return reject(new Error(`${netns} sent no server`));
    server.on('connection', (inner: Socket) => relay(inner, message.port));
    servers.push(server);
    if (servers.length === ports.length) resolve();
  });
  try {
    await opened;
  } finally {
    child.kill();
  }
  return () => servers.forEach((server) => server.close());
}

function relay(inner: Socket, port: number): void {
  const outer = connect({ port, host: '127.0.0.1', noDelay: true });
  inner.setNoDelay(true);
  const ends = [inner, outer];
  for (const end of ends) {
    end.on('error', () => ends.forEach((one) => one.destroy()));
    end.on('close', () => ends.forEach((one) => one.destroy()));
  }
  inner.pipe(outer).pipe(inner);
}
