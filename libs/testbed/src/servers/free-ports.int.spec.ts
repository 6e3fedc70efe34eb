import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { freePorts } from './free-ports.js';

const built = fileURLToPath(new URL('../../dist/servers/free-ports.js', import.meta.url));
/** Tells its ports, and lives until it is told to end. */
const script = `
  const { freePorts } = await import(process.argv[1]);
  console.log(JSON.stringify(await freePorts(Number(process.argv[2]))));
  process.stdin.resume();
`;

/** A process of its own that has asked for ports. */
async function asker(count: number) {
  const argv = ['--input-type=module', '-e', script, built, String(count)];
  const child = spawn(process.execPath, argv, { stdio: ['pipe', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const [line]: unknown[] = await once(createInterface(child.stdout), 'line');
  const ports: number[] = JSON.parse(String(line));
  const end = async (how?: 'SIGKILL') => {
    const ended = once(child, 'exit');
    if (how) child.kill(how);
    else child.stdin.end();
    await ended;
  };
  return { ports, end };
}

/** Those of them that some process of this machine has for itself. */
function reservedOf(ports: readonly number[]): number[] {
  const names = readFileSync('/proc/net/unix', 'utf8').matchAll(/@novanet-port-(\d+)$/gm);
  const reserved = new Set([...names].map(([, port]) => Number(port)));
  return ports.filter((port) => reserved.has(port));
}

describe('free ports', () => {
  it('are different for processes that ask at once, which have them until they end', async () => {
    const askers = await Promise.all(Array.from({ length: 6 }, () => asker(100)));
    const ports = askers.flatMap((each) => each.ports);
    expect(new Set(ports).size).toBe(600);
    expect(reservedOf(ports)).toEqual(ports);
    await Promise.all(askers.map(({ end }, index) => end(index % 2 === 0 ? 'SIGKILL' : undefined)));
    // Others may have asked meanwhile.
    expect(reservedOf(ports).length).toBeLessThan(100);
  });

  it('can be listened on at once, and are given to nobody while nothing listens', async () => {
    const ports = await freePorts(200);
    const server = createServer().listen(ports[0], '127.0.0.1');
    await once(server, 'listening');
    await new Promise((resolve) => server.close(resolve));
    expect(new Set([...ports, ...(await freePorts(200))]).size).toBe(400);
  });

  it('are none that the kernel gives to connections', async () => {
    const [first = 0] = readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8')
      .split('\t')
      .map(Number);
    expect(Math.max(...(await freePorts(200)))).toBeLessThan(first);
  });

  it('are none on which somebody listens who never asked, at whichever address', async () => {
    const { ports, end } = await asker(500);
    await end();
    const servers = ports.map((port) => createServer().listen(port, '127.0.0.2'));
    onTestFinished(() => servers.forEach((server) => server.close()));
    await Promise.all(servers.map((server) => once(server, 'listening')));
    const given = await freePorts(200);
    expect(given.filter((port) => ports.includes(port))).toEqual([]);
  });
});
