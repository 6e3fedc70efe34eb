import { lookup } from 'node:dns/promises';
import { readdir, readlink } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { type IpAddress, tryParseIp } from '@novanet/net-address';
import { namespaceIdentity } from '../processes/network-namespace.js';
import { readProc } from '../processes/process-table.js';
import type { Endpoint, Peer } from './peer.js';
import { parseTcpTable, type TcpSocket } from './tcp-table.js';

/** OpenSSH's and others', whatever port they listen on. */
const SSH_SERVER = /^(sshd|dropbear)/;
/** Where one listens that is out of sight: in another container, say. */
const SSH_PORT = 22;

/** How long the names of servers may take; the worker's connections to them are known without. */
const LOOKUP_MS = 1000;

/**
 * Those at the other end of SSH sessions on this host, the worker's own servers, and whom it is connected to there.
 * Executes nothing.
 * @param namespace path of the network namespace that is looked at
 */
export async function findPeers(namespace: string, endpoints: readonly Endpoint[]): Promise<Peer[]> {
  const [connected, configured] = await Promise.all([
    connectedPeers(namespace, endpoints),
    Promise.all(endpoints.map(configuredPeers)),
  ]);
  const known = connected.map(({ address }) => address);
  const others = configured.flat().filter(({ address }) => !known.some((one) => one.equals(address)));
  return [...connected, ...others];
}

async function connectedPeers(namespace: string, endpoints: readonly Endpoint[]): Promise<Peer[]> {
  const inside = await processesIn(namespace);
  const [first] = inside;
  if (first === undefined) return [];
  const tables = ['net/tcp', 'net/tcp6'].map((file) => readProc(first.pid, file));
  const sockets = tables.flatMap(parseTcpTable);
  const [ofSsh, ofWorker] = await Promise.all([
    inodesOf(inside.filter(({ isSshServer }) => isSshServer)),
    inodesOf(inside.filter(({ pid }) => pid === process.pid)),
  ]);
  const listening = sockets.filter(({ isListening }) => isListening);
  const open = new Set(listening.map(({ ownPort }) => ownPort));
  const ssh = new Set([SSH_PORT, ...listening.filter(isOf(ofSsh)).map(({ ownPort }) => ownPort)]);
  return sockets
    .filter(({ isEstablished }) => isEstablished)
    .flatMap((socket) => {
      // A server that systemd has started for one session listens nowhere. What it forwards leaves by another port.
      const isSession = ssh.has(socket.ownPort) || (isOf(ofSsh)(socket) && open.has(socket.ownPort));
      if (isSession) return [sessionOf(socket)];
      const endpoint = endpoints.find(({ port }) => port === socket.peerPort);
      return endpoint && isOf(ofWorker)(socket) ? [peerAt(endpoint, socket.peer, socket.own)] : [];
    });
}

function isOf(inodes: ReadonlySet<string>): (socket: TcpSocket) => boolean {
  return ({ inode }) => inodes.has(inode);
}

function sessionOf({ own, peer }: TcpSocket): Peer {
  return { name: `the SSH session from ${peer.toString()}`, address: peer, own };
}

function peerAt({ what, port }: Endpoint, address: IpAddress, own: IpAddress | undefined): Peer {
  const host = address.version === 6 ? `[${address.toString()}]` : address.toString();
  return { name: `the ${what} ${host}:${port}`, address, own };
}

async function configuredPeers(endpoint: Endpoint): Promise<Peer[]> {
  const literal = tryParseIp(endpoint.host);
  const addresses = literal ? [literal] : await addressesOf(endpoint.host);
  return addresses.map((address) => peerAt(endpoint, address, undefined));
}

async function addressesOf(name: string): Promise<IpAddress[]> {
  const answer = lookup(name, { all: true }).catch(() => []);
  const found = await Promise.race([answer, delay(LOOKUP_MS, [], { ref: false })]);
  return found.flatMap(({ address }) => tryParseIp(address) ?? []);
}

interface NamespaceProcess {
  readonly pid: number;
  readonly isSshServer: boolean;
}

/** The SSH servers and this process, as far as they are in the namespace. */
async function processesIn(namespace: string): Promise<NamespaceProcess[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const known = pids.map((pid) => ({ pid, isSshServer: SSH_SERVER.test(readProc(pid, 'comm')) }));
  const wanted = known.filter(({ pid, isSshServer }) => isSshServer || pid === process.pid);
  const identity = await namespaceIdentity(namespace);
  const identities = await Promise.all(wanted.map(({ pid }) => namespaceIdentity(`/proc/${pid}/ns/net`)));
  return wanted.filter((_, index) => identity !== undefined && identities[index] === identity);
}

/** Of the sockets that these processes have open. One that ended meanwhile has none. */
async function inodesOf(processes: readonly NamespaceProcess[]): Promise<ReadonlySet<string>> {
  const found = await Promise.all(
    processes.map(async ({ pid }) => {
      const files = await readdir(`/proc/${pid}/fd`).catch(() => []);
      return Promise.all(files.map((file) => readlink(`/proc/${pid}/fd/${file}`).catch(() => '')));
    }),
  );
  return new Set(found.flat().flatMap((target) => /^socket:\[(\d+)\]$/.exec(target)?.[1] ?? []));
}
