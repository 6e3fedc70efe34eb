import { ipBatch, tryCommand } from '@novanet/testbed';

import type { VifInfo } from '../cloud/network-info.js';
import { LabError } from '../plan/lab-error.js';

/**
 * The bridge that a NIC is plugged into. nova: of a network with one host, the compute services of the others make the
 * bridge; of a multi-host network each host's worker does. Throws LabError.
 */
export async function ensureBridge({ network }: VifInfo, hostNetns: string): Promise<string> {
  const { bridge, label, meta } = network;
  if (!bridge) throw new LabError(`network "${label}" names no bridge, so its NICs cannot be plugged in.`);
  if (await exists(bridge, hostNetns)) return bridge;
  if (meta.multi_host || !meta.should_create_bridge) {
    const maker = meta.multi_host ? 'the worker of the host' : 'the operator';
    throw new LabError(`there is no bridge ${bridge} in ${hostNetns}, and ${maker} is to make it.`);
  }
  const port = meta.bridge_interface ?? 'eth1';
  const member = meta.should_create_vlan ? await ensureVlan(network, port, hostNetns) : port;
  if (!(await ensureLink(`${bridge} type bridge`, bridge, hostNetns))) {
    throw new LabError(`the bridge ${bridge} cannot be made in ${hostNetns}.`);
  }
  await ipBatch(hostNetns, [`link set ${bridge} up`, `link set ${member} master ${bridge} up`]);
  return bridge;
}

async function ensureVlan(
  { label, meta: { vlan } }: VifInfo['network'],
  port: string,
  hostNetns: string,
): Promise<string> {
  const device = `vlan${vlan}`;
  if (await ensureLink(`link ${port} name ${device} type vlan id ${vlan}`, device, hostNetns)) return device;
  throw new LabError(
    `another host serves network "${label}" on VLAN ${vlan}, and this kernel has no 802.1Q to reach it: ` +
      'boot on that host, or in a multi-host network.',
  );
}

/** False when it cannot be made. Somebody else may make it at the same moment. */
async function ensureLink(what: string, device: string, hostNetns: string): Promise<boolean> {
  if (await exists(device, hostNetns)) return true;
  await tryCommand(['ip', '-netns', hostNetns, 'link', 'add', ...what.split(' ')]);
  return exists(device, hostNetns);
}

async function exists(device: string, hostNetns: string): Promise<boolean> {
  return (await tryCommand(['ip', '-netns', hostNetns, 'link', 'show', device])).exitCode === 0;
}
