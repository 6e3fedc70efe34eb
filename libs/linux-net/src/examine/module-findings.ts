import type { HostPlan } from '@novanet/host-plan';
import type { Links } from '../links/link.js';
import type { CausalFinding } from './examination-sheet.js';

/** There as soon as the kernel knows VLANs. */
export const VLAN_FILE = '/proc/net/vlan/config';

/** VLANs that are to be served by a kernel that has none. */
export function vlanModuleFindings(
  links: Links,
  { vlans }: Pick<HostPlan, 'vlans'>,
  vlanFile: string | undefined,
): CausalFinding[] {
  const missing = vlans.filter(({ name }) => !links.has(name));
  if (missing.length === 0 || vlanFile !== undefined) return [];
  return [
    {
      check: 'modules',
      subject: '8021q',
      problem: 'the kernel has no VLANs',
      explanation:
        `${missing.map(({ name }) => name).join(', ')} cannot be made; ` +
        'name the module in /etc/modules-load.d for the next boot as well',
      command: 'modprobe 8021q',
      isSafe: false,
      spoils: missing.flatMap(({ name, bridge }) => [name, bridge]),
    },
  ];
}
