import type { IpAddress } from '@novanet/net-address';
import { recordAt, recordsIn, numberAt, textAt } from '../links/json-fields.js';
import { blockOf, type Route } from '../links/route.js';
import { isFor, type PolicyRule } from './policy-rule.js';

/** What says where packets go. */
export interface Routing {
  /** Of all tables and both families; of equal ones the first counts. */
  readonly routes: readonly Route[];
  readonly rules: readonly PolicyRule[];
}

/** Where packets for an address go. */
export interface Path {
  readonly device: string;
  /** Undefined: straight to the address. */
  readonly gateway: string | undefined;
  readonly rule: PolicyRule;
}

/**
 * The way that the kernel chooses: the first rule whose table has a route, and the longest prefix in it. The table of
 * the host's own addresses is not looked into.
 * @param isHeard whether a rule that names devices counts
 */
export function pathTo(
  { routes, rules }: Routing,
  ends: { readonly from: IpAddress | undefined; readonly to: IpAddress },
  isHeard: (rule: PolicyRule) => boolean,
): Path | undefined {
  for (const rule of rules) {
    if (!isFor(rule, ends.from, ends.to)) continue;
    if (rule.devices.length > 0 && !isHeard(rule)) continue;
    if (rule.table === undefined) return undefined;
    const best = bestOf(routes, rule.table, ends.to);
    if (best) return pathOver(best, rule);
  }
  return undefined;
}

function bestOf(routes: readonly Route[], table: string, to: IpAddress): Route | undefined {
  const candidates = routes.filter(
    (route) => (textAt(route, 'table') ?? 'main') === table && blockOf(route)?.contains(to),
  );
  const prefixOf = (route: Route) => blockOf(route)?.prefixLength ?? 0;
  // a stable order: of equal ones the first stays first
  return candidates.sort((a, b) => prefixOf(b) - prefixOf(a) || metricOf(a) - metricOf(b))[0];
}

function metricOf(route: Route): number {
  return numberAt(route, 'metric') ?? 0;
}

/** A route that refuses leads nowhere; of several ways the first stands for all. */
function pathOver(route: Route, rule: PolicyRule): Path | undefined {
  const hop = recordsIn(route['nexthops'])[0] ?? route;
  const device = textAt(hop, 'dev');
  if (device === undefined || (textAt(route, 'type') ?? 'unicast') !== 'unicast') return undefined;
  const gateway = textAt(hop, 'gateway') ?? textAt(recordAt(hop, 'via'), 'host');
  return { device, gateway, rule };
}
