import type { FirewallChainPlan, FirewallJumpPlan } from '../host-plan.js';

/** Two networks may ask for the same rule (they share a bridge): it stands once. */
export function chain(name: string, rules: readonly string[]): FirewallChainPlan {
  return { name, rules: [...new Set(rules)] };
}

/** One that ends with blocks of rules that may stand in any order. */
export function looseChain(
  name: string,
  head: readonly string[],
  loose: readonly (readonly string[])[],
): FirewallChainPlan {
  return loose.length === 0 ? chain(name, head) : { name, rules: [...new Set(head), ...loose.flat()], loose };
}

/** How packets get into nova's filter chains, in both families. */
export const FILTER_JUMPS: readonly FirewallJumpPlan[] = [
  { from: 'INPUT', to: 'nova-network-INPUT', position: 'first' },
  { from: 'FORWARD', to: 'nova-filter-top', position: 'first' },
  { from: 'FORWARD', to: 'nova-network-FORWARD', position: 'first' },
  { from: 'OUTPUT', to: 'nova-filter-top', position: 'first' },
  { from: 'OUTPUT', to: 'nova-network-OUTPUT', position: 'first' },
  { from: 'nova-filter-top', to: 'nova-network-local', position: 'first' },
];
