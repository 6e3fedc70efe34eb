import { randomInt } from 'node:crypto';
import { createServer, type Server } from 'node:net';

// Below the range from which the kernel gives ports to connections (32768 and up, unless somebody changed it): what
// begins there may be the port of anybody's connection a moment later.
const FIRST_PORT = 20_000;
const PORTS = 10_000;
const ATTEMPTS = 1000;

/** Nearly all ports that could be given are taken. */
class NoFreePort extends Error {}

/**
 * Different ports on which nobody listens, at whichever address. They are the caller's until its process ends, also while
 * nothing listens there: no other process that asks here, now or later, gets them.
 */
export async function freePorts(count: number): Promise<number[]> {
  const ports: number[] = [];
  while (ports.length < count) ports.push(await freePort());
  return ports;
}

async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const port = FIRST_PORT + randomInt(PORTS);
    if (await reserve(port)) return port;
  }
  throw new NoFreePort(`no port from ${FIRST_PORT} to ${FIRST_PORT + PORTS - 1} is free`);
}

async function reserve(port: number): Promise<boolean> {
  // A name that no file has: it ends with the process however that ends, and like a port it is the namespace's own.
  const reservation = await listen(`\0novanet-port-${port}`);
  if (!reservation) return false;
  const listener = await listen(port);
  await close(listener ?? reservation);
  reservation.unref();
  return listener !== undefined;
}

/** Undefined: somebody else does. */
function listen(place: string | number): Promise<Server | undefined> {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? resolve(undefined) : reject(error),
    );
    server.listen(place, () => resolve(server));
  });
}

function close(server: Server): Promise<unknown> {
  return new Promise((resolve) => server.close(resolve));
}
