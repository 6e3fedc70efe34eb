import { isAlive, identifyProcess, signal, type ProcessIdentity } from '../processes/process-identity.js';
import { runCommand, tryCommand } from '../processes/run-command.js';
import { waitFor } from '../wait-for.js';

/** Makes a network namespace with its loopback up. Throws CommandFailed when the name is taken. */
export async function addNamespace(netns: string): Promise<void> {
  await runCommand(['ip', 'netns', 'add', netns]);
  await runCommand(['ip', '-netns', netns, 'link', 'set', 'lo', 'up']);
}

/** All network namespaces with a name. */
export async function listNamespaces(): Promise<string[]> {
  const list: { name: string }[] = JSON.parse((await runCommand(['ip', '-json', 'netns', 'list'])) || '[]');
  return list.map(({ name }) => name);
}

/** The processes that live in a namespace; none when there is no such namespace. */
export async function processesIn(netns: string): Promise<ProcessIdentity[]> {
  const { stdout } = await tryCommand(['ip', 'netns', 'pids', netns]);
  return stdout.split('\n').flatMap((line) => (line ? (identifyProcess(Number(line)) ?? []) : []));
}

/** Removes a namespace with its links, and kills what still lives in it. Does nothing when it is gone. */
export async function removeNamespace(netns: string): Promise<void> {
  if (!(await listNamespaces()).includes(netns)) return;
  await waitFor(
    async () => {
      const living = await processesIn(netns);
      for (const one of living) signal(one, 'SIGKILL');
      return living.every((one) => !isAlive(one));
    },
    { limitMs: 5_000, what: `the processes in ${netns} die` },
  );
  await tryCommand(['ip', 'netns', 'del', netns]);
}

/** Runs the lines of a script of `ip` ("link add …", "addr add …") in a namespace with one process. */
export async function ipBatch(netns: string, lines: readonly string[]): Promise<void> {
  await runCommand(['ip', '-netns', netns, '-batch', '-'], { input: `${lines.join('\n')}\n` });
}

/** Writes kernel variables of a namespace: { 'net.ipv4.ip_forward': 1 }. */
export async function setSysctls(
  netns: string,
  values: Readonly<Record<string, string | number>>,
): Promise<void> {
  const lines = Object.entries(values).map(
    ([key, value]) => `echo '${value}' > '/proc/sys/${key.replaceAll('.', '/')}'`,
  );
  await runCommand(['sh', '-e'], { netns, input: lines.join('\n') });
}
