import { DhcpClient, type DhcpLease, ipBatch } from '@novanet/testbed';

import { ipv4Of, tapName, type VifInfo } from '../cloud/network-info.js';
import { ensureBridge } from './ensure-bridge.js';

export interface Nic {
  readonly vif: VifInfo;
  /** Its name inside the instance. */
  readonly device: string;
  /** What DHCP gave; undefined on networks without a DHCP server. */
  readonly lease: DhcpLease | undefined;
}

interface PlugOptions {
  readonly hostNetns: string;
  readonly instanceNetns: string;
  readonly instanceName: string;
  /** The instance's folder: DHCP clients keep their files there. */
  readonly folder: string;
}

/** Gives an instance a NIC and puts its outer end into the bridge, as a compute service does; then asks DHCP, if there is any. */
export async function plugNic(vif: VifInfo, device: string, options: PlugOptions): Promise<Nic> {
  const { hostNetns, instanceNetns, instanceName, folder } = options;
  const bridge = await ensureBridge(vif, hostNetns);
  const tap = tapName(vif);
  await ipBatch(hostNetns, [
    `link add ${tap} type veth peer name ${device} address ${vif.address} netns ${instanceNetns}`,
    `link set ${tap} master ${bridge} up`,
    // nova: so that an instance reaches itself by its own floating IP.
    `link set ${tap} type bridge_slave hairpin on`,
  ]);
  await ipBatch(instanceNetns, [`link set ${device} up`]);
  const ipv4 = ipv4Of(vif);
  if (!ipv4?.isServedByDhcp) return { vif, device, lease: undefined };
  const directory = `${folder}/${device}`;
  const client = new DhcpClient({ netns: instanceNetns, device, hostname: instanceName, directory });
  return { vif, device, lease: await client.start() };
}
