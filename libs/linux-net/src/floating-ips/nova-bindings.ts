import { Ipv4 } from '@novanet/net-address';
import type { Ruleset } from '../firewall/ruleset.js';
import type { Links } from '../links/link.js';
import { type Binding, isBound } from './binding.js';

/** Whose packets go where, by the rules for floating IPs that are in the kernel: floating to fixed address. */
export function translationsIn(rules: Ruleset): Map<string, Ipv4> {
  const lines = rules.get('nat')?.get('nova-network-PREROUTING') ?? [];
  const pairs = lines.flatMap((line) => {
    const [, address, fixed] = /^-d ([\d.]+)\/32 -j DNAT --to-destination ([\d.]+)$/.exec(line) ?? [];
    const fixedAddress = Ipv4.tryParse(fixed ?? '');
    return address !== undefined && fixedAddress ? [[address, fixedAddress] as const] : [];
  });
  return new Map(pairs);
}

/**
 * What is ours on a host without a record, which nova-network left, or whose file was lost: the addresses to which its
 * rules lead, as far as they are there.
 */
export function findBindings(rules: Ruleset, links: Links): Binding[] {
  return [...translationsIn(rules)].flatMap(([text, fixedAddress]) => {
    const address = Ipv4.parse(text);
    const devices = [...links.keys()].filter((device) => isBound(links, { address, device }));
    return devices.map((device) => ({
      address,
      fixedAddress,
      device,
      origin: 'bound' as const,
      pending: [],
    }));
  });
}
