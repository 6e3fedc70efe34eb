import type { BridgePlan } from '@novanet/host-plan';
import type { CommandRunner } from '../commands/command-runner.js';
import type { ConvergeProblem } from '../converge-report.js';
import type { Links } from '../links/link.js';
import type { LinkDiff } from '../links/link-group.js';
import { parseRoutes } from '../links/route.js';
import { type BridgeChange, changeOf, movesAddresses } from './bridge-change.js';
import { findPeers } from './find-peers.js';
import { type Loss, lossesOf } from './losses.js';
import type { Routing } from './path.js';
import type { Endpoint, Peer } from './peer.js';
import { OWN_NAMESPACE } from '../processes/network-namespace.js';
import { parsePolicyRules, USUAL_RULES } from './policy-rule.js';

/** Whom a host must not cut off when it takes interfaces into bridges and gives bridges addresses. */
export interface PeerSafety {
  /** The worker's own servers. Whoever is on the host by SSH counts besides. */
  readonly endpoints: readonly Endpoint[];
  /** What would be refused is done all the same, and this is told of it. */
  readonly force?: ((loss: ConvergeProblem) => void) | undefined;
}

/** As many are named in a message; an operator has seen enough then. */
const NAMED = 3;

/** Leaves bridges alone that would cut off somebody this host needs. It looks only when there is something to change. */
export class PeerGuard {
  /** Bridges that were as planned, by name: mending them is nothing new. */
  private readonly made = new Map<string, string>();

  constructor(
    private readonly runner: CommandRunner,
    private readonly safety: PeerSafety,
  ) {}

  /** The changes without those of bridges that would cut somebody off, which are problems instead. */
  async spare(diff: LinkDiff, links: Links, bridges: readonly BridgePlan[]): Promise<LinkDiff> {
    const changes = bridges.flatMap((bridge) => {
      const change = changeOf(bridge, links, diff.groups);
      if (!change) this.made.set(bridge.name, identityOf(bridge));
      return change && this.made.get(bridge.name) !== identityOf(bridge) ? [change] : [];
    });
    const losses = changes.length === 0 ? [] : await this.lossesOf(changes, links);
    if (this.safety.force) {
      for (const loss of losses) this.safety.force(loss);
      return diff;
    }
    const spared = new Set(losses.map(({ subject }) => subject));
    return {
      groups: diff.groups.filter(({ subject }) => !spared.has(subject)),
      problems: [...diff.problems, ...losses],
    };
  }

  private async lossesOf(changes: readonly BridgeChange[], links: Links): Promise<ConvergeProblem[]> {
    const namespace = this.runner.networkNamespace ?? OWN_NAMESPACE;
    const peers = await findPeers(namespace, this.safety.endpoints);
    const routing = changes.some((change) => mayLose(change, peers)) ? await this.read(peers) : NOWHERE;
    return changes.flatMap((change) => {
      const losses = lossesOf(change, peers, links, routing);
      return losses.length === 0 ? [] : [refusalOf(change, losses)];
    });
  }

  private async read(peers: readonly Peer[]): Promise<Routing> {
    const versions = ([4, 6] as const).filter((version) =>
      peers.some(({ address }) => address.version === version),
    );
    const [routes, ...rules] = await Promise.all([
      this.runner.run({ argv: ['ip', '-json', '-details', 'route', 'show', 'table', 'all'] }),
      ...versions.map((version) =>
        this.runner.run({ argv: ['ip', `-${version}`, '-json', '-details', 'rule', 'show'] }),
      ),
    ]);
    return {
      routes: parseRoutes(routes.stdout),
      rules: rules.flatMap(({ stdout }, index) => parsePolicyRules(stdout, versions[index] ?? 4)),
    };
  }
}

/** When no route can matter, none is read. */
const NOWHERE: Routing = { routes: [], rules: USUAL_RULES };

function mayLose(change: BridgeChange, peers: readonly Peer[]): boolean {
  if (movesAddresses(change)) return peers.length > 0;
  return peers.some(({ address }) => change.gained.some(({ cidr }) => cidr.contains(address)));
}

function identityOf({ name, member, addresses }: BridgePlan): string {
  return [
    name,
    member,
    ...addresses.map(({ address, cidr }) => `${address.toString()} ${cidr.toString()}`),
  ].join(' ');
}

function refusalOf({ bridge: { name } }: BridgeChange, losses: readonly Loss[]): ConvergeProblem {
  const all = [...new Set(losses.map(({ peer, reason }) => `${peer.name} (${reason})`))];
  const rest = all.length > NAMED ? ` and ${all.length - NAMED} more` : '';
  const remedy = losses.some(({ remedy: one }) => one === 'block')
    ? 'give the network another block'
    : "give the network another interface (flat_interface, vlan_interface, or the network's bridge_interface)";
  const message =
    `it is left as it is, because this host would lose ${all.slice(0, NAMED).join(', ')}${rest}: ${remedy}, ` +
    'or start the worker with --force';
  return { subject: name, message, blocks: name };
}
