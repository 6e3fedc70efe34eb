import type { PortFilterPlan } from '@novanet/host-plan';
import { parseDeviceName, type DeviceName } from '@novanet/net-address';
import type { Link, Links } from './link.js';

/** libvirt gives a port the MAC of its NIC with this first byte, and a name of its own. */
const LIBVIRT_MARK = 'fe';
/** nova's names for ports begin so. */
const NOVA_MARK = 'tap';

/** Whether an instance may be behind this device. */
export function mayBeInstancePort({ name, mac }: Pick<Link, 'name' | 'mac'>): boolean {
  return name.startsWith(NOVA_MARK) || (mac?.startsWith(`${LIBVIRT_MARK}:`) ?? false);
}

/** Finds the port of a bridge that a NIC is behind. */
export function portFinder(links: Links): (nic: PortFilterPlan) => DeviceName | undefined {
  const ports = [...links.values()].filter(({ master }) => master !== undefined);
  const byMac = Map.groupBy(ports, ({ mac }) => mac ?? '');
  return ({ device, mac, bridge }) => {
    const named = links.get(device);
    const isPort = (link: Link) => link.master === bridge;
    if (named && isPort(named)) return device;
    const marked = byMac.get(`${LIBVIRT_MARK}${mac.toString().slice(2)}`)?.find(isPort);
    return marked && parseDeviceName(marked.name);
  };
}
