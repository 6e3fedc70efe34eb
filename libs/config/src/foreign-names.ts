import type { Assignment } from './assignment.js';
import { brokerAdvice } from './foreign-broker-options.js';
import { OPTIONS } from './options.js';
import { environmentNameOf, titleOf, type AnyOption } from './option.js';

/**
 * Networking options of nova that have no reader here. Whoever sets one expects something that will not happen, so it
 * is said; options of other parts of nova are none of our business.
 */
const WITHOUT_EFFECT = new Set(
  `vlan_interface vlan_start vpn_ip vpn_start cnt_vpn_clients use_ipv6 ipv6_backend flat_injected
   teardown_unused_network_gateway update_dns_entries dns_update_periodic_interval l3_lib default_floating_pool
   auto_assign_floating_ip floating_ip_dns_manager instance_dns_manager instance_dns_domain fake_network
   linuxnet_interface_driver send_arp_for_ha use_single_default_gateway iptables_top_regex iptables_bottom_regex
   quota_floating_ips quota_networks enable_network_quota use_forwarded_for vendordata_jsonfile_path
   fixed_range create_unique_mac_address_attempts`.split(/\s+/),
);

const rows: readonly AnyOption[] = Object.values(OPTIONS);

/** True for every name that sets one of our options in this group. */
export function isOptionName(group: string, name: string): boolean {
  return rows.some(
    (row) => (row.group === group && row.name === name) || (group === 'DEFAULT' && name in row.olderNames),
  );
}

/** A sentence for an assignment that sets nothing and probably was meant to; otherwise undefined. */
export function remarkOn(assignment: Assignment): string | undefined {
  const { group, name, value, place } = assignment;
  if (isOptionName(group, name)) return undefined;
  const advice = brokerAdvice(assignment);
  if (advice !== undefined) return `${name} in ${place} is not read: ${advice}`;
  if (group === 'DEFAULT' && WITHOUT_EFFECT.has(name)) {
    return /^(|false|0|no|off)$/i.test(value)
      ? undefined
      : `${name} in ${place} has no effect: it is not supported`;
  }
  const meant = rows.find((row) => row.group === group && isTypingErrorOf(row.name, name));
  return meant && `${name} in ${place} is not an option; is ${titleOf(meant)} meant?`;
}

/** The same for an environment variable. */
export function remarkOnVariable(name: string): string | undefined {
  const ours = Object.keys(OPTIONS).map(environmentNameOf);
  if (!name.startsWith('NOVANET_') || ours.includes(name)) return undefined;
  const meant = ours.find((each) => isTypingErrorOf(each, name));
  return meant && `environment variable ${name} is not an option; is ${meant} meant?`;
}

function isTypingErrorOf(ours: string, theirs: string): boolean {
  return editDistance(ours, theirs) <= (ours.length < 8 ? 1 : 2);
}

/** Levenshtein's: insertions, deletions and replacements that turn one text into the other. */
function editDistance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (const [index, letter] of one.split('').entries()) {
    const next = [index + 1];
    for (const [column, otherLetter] of other.split('').entries()) {
      const replaced = (row[column] ?? 0) + Number(letter !== otherLetter);
      next.push(Math.min(replaced, (row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1));
    }
    row = next;
  }
  return row[other.length] ?? 0;
}
