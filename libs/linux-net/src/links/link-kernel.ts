import type { HostPlan, VlanPlan } from '@novanet/host-plan';
import type { Ipv4 } from '@novanet/net-address';
import type { CommandFailed, CommandRunner } from '../commands/command-runner.js';
import type { ConvergeProblem, StageOutcome } from '../converge-report.js';
import type { PeerGuard } from '../lost-peers/peer-guard.js';
import { diffLeaving, diffPlanned } from './diff-links.js';
import { diffVlans, noVlansProblem, withNewVlans } from './diff-vlans.js';
import { drainGroups } from './drain-links.js';
import { culpritIn, IpBatches, reasonOf, SHOW_LINKS, textOf } from './ip-batches.js';
import { type Links, parseLinks, withAddresses } from './link.js';
import { LinkMemory } from './link-memory.js';
import {
  type LinkBatch,
  type LinkDiff,
  type LinkGroup,
  needsRoutes,
  renderGroup,
  renderGroups,
} from './link-group.js';
import { parseRoutes, type Route } from './route.js';

const SHOW_ROUTES = 'route show table all';

/** What came of an attempt to make VLANs and bridges at once; undefined is what has yet to be done. */
interface MadeTogether {
  readonly planned?: LinkDiff;
  readonly refused?: ConvergeProblem[] | undefined;
}

/** What {@link LinkKernel.apply} would do, in its order. */
export interface LinkDifferences {
  readonly leaving: readonly LinkGroup[];
  readonly vlans: LinkDiff;
  readonly planned: LinkDiff;
}

/** Devices, addresses and routes, through iproute2. */
export class LinkKernel {
  /** What was there at the last look, and what was heard since. */
  readonly memory = new LinkMemory();
  private known: Links | undefined;
  /** Whether {@link known} was looked at by this converge. */
  private isFresh = false;
  /** As long as nothing was changed since they were read. */
  private routes: readonly Route[] | undefined;

  private readonly batches: IpBatches;

  constructor(
    private readonly runner: CommandRunner,
    private readonly guard: Pick<PeerGuard, 'spare'> = { spare: (diff) => Promise.resolve(diff) },
  ) {
    this.batches = new IpBatches(runner, (shown) => {
      this.routes = undefined;
      if (shown === undefined) this.known = undefined;
      else this.learn(shown);
    });
  }

  /** @param isTrusted whether what was there after the last converge is there still */
  begin(isTrusted: boolean): void {
    if (!isTrusted) this.known = undefined;
    this.routes = undefined;
    this.isFresh = false;
  }

  /** What was there after the last converge; undefined when that is not known. */
  get remembered(): Links | undefined {
    return this.known;
  }

  /** Executes nothing when it is known. Throws CommandFailed when `ip` is missing. */
  async current(): Promise<Links> {
    return this.known ?? this.read();
  }

  /** With routes when this is the first look: interfaces that come into bridges bring theirs along. */
  async look(plan: Pick<HostPlan, 'bridges'>): Promise<Links> {
    const isFirst = this.memory.isEmpty && plan.bridges.some(({ member }) => member !== undefined);
    if (this.known || !isFirst) return this.current();
    const argv = ['ip', '-json', '-details', '-batch', '-'] as const;
    const { stdout } = await this.runner.run({ argv, stdin: textOf([SHOW_LINKS, SHOW_ROUTES]) });
    const [links = '', routes = ''] = stdout.split('\n');
    this.routes = parseRoutes(routes);
    return this.learn(links);
  }

  async read(): Promise<Links> {
    const argv = ['ip', '-json', '-details', 'addr', 'show'] as const;
    return this.learn((await this.runner.run({ argv })).stdout);
  }

  /**
   * What to compare with the plan. What is only remembered is looked at again before anything is changed for it: a
   * lifetime that has gone on since then, say, would come back.
   * @param view what of it is compared
   */
  async certain(plan: HostPlan, view: (links: Links) => Links): Promise<Links> {
    const links = view(await this.current());
    return this.isFresh || isAsPlanned(links, plan) ? links : view(await this.read());
  }

  /** Addresses that came by another way, each alone in its network. */
  learnAddresses(bound: readonly { readonly address: Ipv4; readonly device: string }[]): void {
    if (this.known) this.known = withAddresses(this.known, bound);
  }

  /**
   * Applies the difference between what {@link current} said and the plan: one execution, or none; one more each when
   * networks have left, and when VLAN devices are exchanged.
   */
  async apply(links: Links, plan: HostPlan): Promise<StageOutcome> {
    const leaving = diffLeaving(links, plan).groups;
    const problems = await this.change(leaving);
    const left = leaving.length > 0 ? await this.current() : links;
    const vlans = diffVlans(left, plan.vlans);
    const made = await this.makeTogether(left, vlans, plan);
    const refused = made.refused ?? (await this.changeVlans(vlans.groups, plan.vlans));
    problems.push(...vlans.problems, ...refused);
    const ready = vlans.groups.length > 0 ? await this.current() : left;
    const planned = made.planned ?? (await this.diff(ready, plan));
    const returning = this.memory.returning(ready, plan.bridges);
    const rest = made.planned ? returning : [...planned.groups, ...returning];
    problems.push(...planned.problems, ...(await this.change(rest)));
    // A kernel without VLANs is asked each time, and stays as it is.
    const others = [...leaving, ...planned.groups, ...returning];
    const isChanged = others.length > 0 || vlans.groups.length > refused.length;
    const failed = new Set(problems.map(({ subject }) => subject));
    const subjects = [...others, ...vlans.groups].map(({ subject }) => subject);
    return { changed: isChanged, subjects: subjects.filter((subject) => !failed.has(subject)), problems };
  }

  /** What {@link apply} would change, and what it could not. Changes nothing. */
  async differences(links: Links, plan: HostPlan): Promise<LinkDifferences> {
    const expected = withNewVlans(links, plan.vlans) ?? links;
    return {
      leaving: diffLeaving(links, plan).groups,
      vlans: diffVlans(links, plan.vlans),
      planned: await this.diff(expected, plan),
    };
  }

  /**
   * New VLAN devices and the bridges that they go into, in one execution, as far as devices are merely to be made. Nothing is
   * left of it when something fails.
   */
  private async makeTogether(links: Links, vlans: LinkDiff, plan: HostPlan): Promise<MadeTogether> {
    const expected = withNewVlans(links, plan.vlans);
    if (vlans.groups.length === 0 || vlans.problems.length > 0 || !expected) return {};
    const planned = await this.diff(expected, plan);
    const batches = await this.render([...vlans.groups, ...planned.groups]);
    const failure = await this.batches.attempt(batches.flatMap(({ lines }) => lines));
    if (!failure) return { planned, refused: [] };
    const culprit = culpritIn(batches, failure) ?? batches.length;
    const refused = culprit === 0 ? refusedVlans(vlans.groups, plan.vlans, failure) : undefined;
    if (!refused) await this.batches.undo(batches.slice(0, culprit + 1).toReversed());
    return { refused };
  }

  /** Without what would cut this host off. */
  private diff(links: Links, plan: HostPlan): Promise<LinkDiff> {
    return this.guard.spare(diffPlanned(links, plan), links, plan.bridges);
  }

  /** What has to be done before a plan of nothing takes everything of ours away. */
  async drain(addresses: HostPlan['addresses']): Promise<StageOutcome> {
    const groups = drainGroups(await this.read(), addresses);
    const subjects = groups.map(({ subject }) => subject);
    return { changed: groups.length > 0, subjects, problems: await this.change(groups) };
  }

  /** The changes that fail are undone and reported; the others are made. One execution, or none. */
  async change(groups: readonly LinkGroup[]): Promise<ConvergeProblem[]> {
    return this.batches.run(await this.render(groups));
  }

  private async render(groups: readonly LinkGroup[]): Promise<LinkBatch[]> {
    const routes = needsRoutes(groups) ? (this.routes ?? (await this.readRoutes())) : [];
    return renderGroups(groups, routes);
  }

  /** A kernel without VLANs is asked once for all of them, and not once for each. */
  private changeVlans(groups: readonly LinkGroup[], vlans: readonly VlanPlan[]): Promise<ConvergeProblem[]> {
    const batches = groups.map((group) => renderGroup(group, []));
    return this.batches.run(batches, (failure) => refusedVlans(groups, vlans, failure));
  }

  private learn(json: string): Links {
    const links = parseLinks(json);
    this.memory.learn(links);
    this.known = links;
    this.isFresh = true;
    return links;
  }

  private async readRoutes(): Promise<Route[]> {
    const argv = ['ip', '-json', '-details', ...SHOW_ROUTES.split(' ')] as const;
    return parseRoutes((await this.runner.run({ argv })).stdout);
  }
}

/** What to tell of all VLANs that were to be made, when the kernel has none. */
function refusedVlans(
  groups: readonly LinkGroup[],
  vlans: readonly VlanPlan[],
  failure: CommandFailed,
): ConvergeProblem[] | undefined {
  if (!/Unknown device type|Operation not supported/.test(failure.stderr)) return undefined;
  return vlans
    .filter(({ name }) => groups.some(({ subject }) => subject === name))
    .map((vlan) => noVlansProblem(vlan, reasonOf(failure)));
}

function isAsPlanned(links: Links, plan: HostPlan): boolean {
  const parts = [diffLeaving(links, plan), diffVlans(links, plan.vlans), diffPlanned(links, plan)];
  return parts.every(({ groups }) => groups.length === 0);
}
