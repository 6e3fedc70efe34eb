import type { DhcpServerPlan } from '@novanet/host-plan';
import type { CommandRunner } from '../commands/command-runner.js';
import { findDnsmasq } from '../dhcp/dnsmasq-process.js';
import { namespaceIdentity, OWN_NAMESPACE } from '../processes/network-namespace.js';
import { processesWith, readProc } from '../processes/process-table.js';
import type { CausalFinding } from './examination-sheet.js';

type ServerIdentity = Pick<DhcpServerPlan, 'device' | 'arguments' | 'pidFile'>;

/**
 * DHCP servers on our bridges that are not ours, or one too many. Each of ours is two processes: the second runs the lease
 * script.
 */
export async function surplusServers(
  { networkNamespace = OWN_NAMESPACE }: Pick<CommandRunner, 'networkNamespace'>,
  { dhcpServers }: { readonly dhcpServers: readonly ServerIdentity[] },
): Promise<CausalFinding[]> {
  const known = new Set(dhcpServers.map(({ pidFile }) => findDnsmasq(pidFile)));
  const here = await namespaceIdentity(networkNamespace);
  const pids = processesWith((words) => /(^|\/)dnsmasq$/.test(words[0] ?? '')).filter(
    (pid) => !known.has(pid) && !known.has(parentOf(pid)),
  );
  const places = await Promise.all(pids.map((pid) => namespaceIdentity(`/proc/${pid}/ns/net`)));
  const others = pids.filter((_, index) => here !== undefined && places[index] === here);
  const isHelper = (pid: number) => others.includes(parentOf(pid));
  return others.filter((pid) => !isHelper(pid)).flatMap((pid) => findingFor(pid, dhcpServers));
}

function findingFor(pid: number, servers: readonly ServerIdentity[]): CausalFinding[] {
  const words = readProc(pid, 'cmdline').split('\0');
  const server = servers.find((one) => servesSame(words, one));
  if (!server) return [];
  return [
    {
      check: 'dhcp',
      subject: server.device,
      problem: `there is one dnsmasq too many: process ${pid}`,
      explanation: `two answer the instances of ${server.device}, and only one knows them: ${shown(words)}`,
      command: `kill ${pid}`,
      isSafe: false,
      spoils: [server.device],
    },
  ];
}

/** Any user may start a program of that name: nothing of his moves the cursor of who reads this. */
function shown(words: readonly string[]): string {
  return words.join(' ').trim().replace(/\p{C}/gu, '?');
}

function servesSame(words: readonly string[], { device, arguments: args }: ServerIdentity): boolean {
  const isBinding = (word: string) => /^--(interface|listen-address|pid-file)=/.test(word);
  const own = new Set([`--interface=${device}`, `-i${device}`, ...args.filter(isBinding)]);
  return words.some((word, index) => own.has(word) || (word === '-i' && words[index + 1] === device));
}

function parentOf(pid: number): number {
  return Number(/^PPid:\s+(\d+)/m.exec(readProc(pid, 'status'))?.[1] ?? 0);
}
