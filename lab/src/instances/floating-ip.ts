import { FloatingIps } from '../cloud/floating-ips.js';
import { MessageBus } from '../cloud/message-bus.js';
import { ipv4Of } from '../cloud/network-info.js';
import { LabError } from '../plan/lab-error.js';
import type { OpenLab } from '../state/open-lab.js';

/**
 * Makes a floating IP lead to an instance, also one that leads to another; without one, the project gets a new one.
 * Answers the address. Throws LabError.
 */
export async function associateFloatingIp(lab: OpenLab, name: string, address?: string): Promise<string> {
  const { network_info: vifs, project_id: projectId } = lab.folder.instance(name);
  const [fixed] = vifs.flatMap((vif) => ipv4Of(vif) ?? []);
  if (!fixed) throw new LabError(`instance "${name}" has no IPv4 address.`);
  return MessageBus.with(lab.urls.amqp, async (bus) => {
    const floatingIps = new FloatingIps(bus);
    const floating = address ?? (await floatingIps.allocate(projectId));
    await floatingIps.associate(floating, fixed.address);
    return floating;
  });
}

/** Makes a floating IP lead nowhere; its project keeps it. Throws LabError. */
export async function disassociateFloatingIp(lab: OpenLab, address: string): Promise<void> {
  await MessageBus.with(lab.urls.amqp, (bus) => new FloatingIps(bus).disassociate(address));
}
