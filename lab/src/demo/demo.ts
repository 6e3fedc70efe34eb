import { httpGet, runCommand } from '@novanet/testbed';

import { ipv4Of, tapName } from '../cloud/network-info.js';
import { type BootedInstance, bootInstance } from '../instances/boot.js';
import { inForeground, untilEnd } from '../lifecycle/foreground.js';
import { bringUp, type UpOptions } from '../lifecycle/up.js';
import { LabError } from '../plan/lab-error.js';
import { LabFolder } from '../state/lab-folder.js';
import type { OpenLab } from '../state/open-lab.js';
import type { Progress } from '../terminal/progress.js';
import { type Account, describeAccount } from './account.js';

const instanceName = 'demo';

/**
 * A cloud with one instance that proves itself: address, lease, metadata, the way to the outside. Stays until the
 * user wants to end, or only until the proof is done.
 */
export async function runDemo(options: UpOptions, isOnce: boolean, progress: Progress): Promise<void> {
  const folder = new LabFolder(options.name);
  const interrupt = await inForeground(folder, progress, async (wish) => {
    const lab = await bringUp(options, progress);
    const booted = await progress.step(`booting instance ${instanceName}`, () => boot(lab));
    const account = await proveCloud(lab, booted, progress);
    process.stdout.write(`\n${describeAccount(account, { isOnce })}\n\n`);
    if (!isOnce) await untilEnd(folder, wish);
  });
  if (isOnce && interrupt.isRequested) throw new LabError('interrupted.');
}

function boot(lab: OpenLab): Promise<BootedInstance> {
  return bootInstance(lab, {
    name: instanceName,
    host: 'h1',
    project: 'demo',
    networks: [],
    meta: { role: 'demo' },
  });
}

async function proveCloud(
  lab: OpenLab,
  { record, nics }: BootedInstance,
  progress: Progress,
): Promise<Account> {
  const [nic] = nics;
  const lease = nic?.lease;
  const address = nic && ipv4Of(nic.vif)?.address;
  if (!nic || !lease || !address) throw new LabError(`instance ${record.name} got no address by DHCP.`);
  if (lease.address !== address) {
    throw new LabError(`instance ${record.name} was to have ${address}, but DHCP gave ${lease.address}.`);
  }
  const metadata = await progress.step('metadata from 169.254.169.254', () => askMetadata(record.netns));
  const pingMs = await progress.step(`ping ${lab.plan.outside.address}, the outside`, () =>
    ping(record.netns, lab.plan.outside.address),
  );
  const seenAs = await progress.step('a web server outside', () =>
    askOutside(record.netns, lab.plan.outside.address),
  );
  const publicAddress = lab.plan.hosts[0]?.publicAddress;
  if (seenAs !== publicAddress) {
    throw new LabError(
      `the outside sees the instance as ${seenAs}, not as its host's address ${publicAddress}.`,
    );
  }
  return {
    lab: lab.folder.name,
    urls: lab.urls,
    instance: { name: record.name, uuid: record.uuid, host: record.host, netns: record.netns },
    nic: { mac: nic.vif.address, bridge: nic.vif.network.bridge ?? '', tap: tapName(nic.vif) },
    lease,
    metadata,
    outside: { address: lab.plan.outside.address, pingMs, seenAs },
  };
}

async function askMetadata(netns: string): Promise<Account['metadata']> {
  const get = async (path: string) => {
    const url = `http://169.254.169.254/latest/meta-data/${path}`;
    const { status, body } = await httpGet(netns, url).catch((error: unknown) => {
      throw new LabError(`${url} does not answer inside the instance.`, { cause: error });
    });
    if (status !== 200) throw new LabError(`${url} answers ${status} inside the instance: ${body.trim()}`);
    return body;
  };
  return { instanceId: await get('instance-id'), hostname: await get('hostname') };
}

async function ping(netns: string, address: string): Promise<string> {
  const output = await runCommand(['ping', '-n', '-c', '1', '-W', '5', address], { netns }).catch(
    (error: unknown) => {
      throw new LabError(`${address} does not answer a ping of the instance.`, { cause: error });
    },
  );
  return /time=([\d.]+)/.exec(output)?.[1] ?? '?';
}

async function askOutside(netns: string, address: string): Promise<string> {
  const { body } = await httpGet(netns, `http://${address}/`).catch((error: unknown) => {
    throw new LabError(`the web server at ${address} does not answer the instance.`, { cause: error });
  });
  const answer: { client: string } = JSON.parse(body);
  return answer.client;
}
