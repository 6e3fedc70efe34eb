import { runCommand, tryCommand } from '../processes/run-command.js';
import { waitFor } from '../wait-for.js';

/** A packet that had to arrive did not, or the other way round. */
export class PacketExpectationFailed extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'PacketExpectationFailed';
  }
}

const defaultLimitMs = 5_000;

/** Returns once an address answers a ping from a namespace. */
export async function expectPing(netns: string, address: string, limitMs = defaultLimitMs): Promise<void> {
  await waitFor(() => isAnswered(netns, address), { limitMs, what: `${address} answers ping from ${netns}` });
}

/** Returns when an address answered none of three pings within a second. */
export async function expectNoPing(netns: string, address: string): Promise<void> {
  if (await isAnswered(netns, address, 3)) {
    throw new PacketExpectationFailed(
      `${address} answers ping from ${netns}, though it should not be reachable`,
    );
  }
}

async function isAnswered(netns: string, address: string, count = 1): Promise<boolean> {
  const argv = ['ping', '-n', '-q', '-c', String(count), '-i', '0.2', '-W', '1', address];
  return (await tryCommand(argv, { netns })).exitCode === 0;
}

const connectScript = `
  const [, address, port] = process.argv;
  const socket = require('node:net').connect({ host: address, port: Number(port) });
  socket.setTimeout(1500, () => process.exit(1));
  socket.on('error', () => process.exit(1)).on('connect', () => process.exit(0));
`;

/** Returns once a TCP connection from a namespace is accepted. */
export async function expectTcp(
  netns: string,
  address: string,
  port: number,
  limitMs = defaultLimitMs,
): Promise<void> {
  const argv = [process.execPath, '-e', connectScript, address, String(port)];
  await waitFor(async () => (await tryCommand(argv, { netns })).exitCode === 0, {
    limitMs,
    what: `${address} port ${port} accepts a connection from ${netns}`,
  });
}

export interface HttpAnswer {
  readonly status: number;
  readonly body: string;
}

const getScript = `
  fetch(process.argv[1], { signal: AbortSignal.timeout(5000) })
    .then(async (answer) => console.log(JSON.stringify({ status: answer.status, body: await answer.text() })))
    .catch((error) => { console.error(String(error.cause ?? error)); process.exit(1); });
`;

/** Asks a web server from inside a namespace. Throws CommandFailed when none answers. */
export async function httpGet(netns: string, url: string): Promise<HttpAnswer> {
  return JSON.parse(await runCommand([process.execPath, '-e', getScript, url], { netns }));
}
