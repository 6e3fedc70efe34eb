import type { HostPlan } from '@novanet/host-plan';
import { CommandFailed } from '../commands/command-runner.js';
import type { ConvergeProblem, StageOutcome } from '../converge-report.js';
import type { Ruleset } from '../firewall/ruleset.js';
import type { Links } from '../links/link.js';
import { lossesOf } from '../links/link-group.js';
import type { LinkKernel } from '../links/link-kernel.js';
import type { Netlink } from '../netlink/netlink.js';
import { type Binding, type BindingDiff, diffBindings, isBound, surplusOf } from './binding.js';
import { missingProblems, refusalProblems, unboundProblems } from './binding-problems.js';
import { BindingRecord } from './binding-record.js';
import { findBindings, translationsIn } from './nova-bindings.js';
import { type Errand, errandsFor } from './errands.js';

/** Floating IPs that are not where they should be, and those that are where they should not. */
export interface FloatingIpDifferences {
  readonly absent: readonly Binding[];
  readonly surplus: readonly Binding[];
}

/**
 * The addresses by which instances are reached from outside. An address goes before its rules and comes after them, so
 * that this host never answers in the name of an instance.
 */
export class FloatingIps {
  private readonly records = new Map<string, BindingRecord>();

  constructor(
    private readonly netlink: Netlink,
    private readonly links: LinkKernel,
  ) {}

  /** What this host carries by its own record; where there is none, by the rules it has. */
  held(networksPath: string, links: Links, rules: Ruleset): readonly Binding[] {
    return this.recordIn(networksPath).read() ?? findBindings(rules, links);
  }

  /** When there will be something to {@link carry}, the program for that starts now. */
  prepare(held: readonly Binding[], links: Links, plan: HostPlan): void {
    if (!isIdle(diffBindings(held, links, plan.floatingIps))) this.netlink.prepare(plan.announcements);
  }

  /** What {@link carry} would bind, and what {@link release} would take away. Changes nothing. */
  differences(held: readonly Binding[], links: Links, plan: HostPlan): FloatingIpDifferences {
    const { toBind } = diffBindings(held, links, plan.floatingIps);
    return { absent: toBind, surplus: surplusOf(held, links, plan.floatingIps) };
  }

  /** Takes away what is planned no more: one execution, or none. */
  async release(held: readonly Binding[], links: Links, plan: HostPlan): Promise<StageOutcome> {
    const surplus = surplusOf(held, links, plan.floatingIps);
    const groups = [...Map.groupBy(surplus, ({ device }) => device)].flatMap(([subject, inside]) => {
      const link = links.get(subject);
      const texts = inside.map(({ address }) => `${address.toString()}/32`);
      return link ? lossesOf(link, texts).map((step) => ({ subject, steps: [step], undo: [] })) : [];
    });
    const subjects = surplus.map(({ address }) => address.toString());
    return { changed: groups.length > 0, subjects, problems: await this.links.change(groups) };
  }

  /**
   * Binds what is missing, tells the segments, and makes the kernel forget connections that were translated otherwise: one
   * execution for any number of addresses, or none.
   * @param rules what is in the kernel now, when that may not be what was planned: an address without rule is not bound
   */
  async carry(
    held: readonly Binding[],
    links: Links,
    plan: HostPlan,
    rules: Ruleset | undefined,
  ): Promise<StageOutcome> {
    const diff = diffBindings(held, links, plan.floatingIps);
    const missing = missingProblems(diff.missing);
    if (isIdle(diff)) return { changed: false, problems: missing };
    const record = this.recordIn(plan.networksPath);
    const { bindable, problems: barred } = recordBindable(record, diff, rules);
    const isBarred = (one: Binding) => diff.toBind.includes(one) && !bindable.includes(one);
    const here = [...diff.kept, ...diff.changed].filter((one) => !isBarred(one));
    const errands = errandsFor({ bindable, here, leaving: diff.leaving }, links);
    const failures = await this.run(errands, plan.announcements);
    const isOpen = (one: Binding, work: Errand['work']) =>
      [...failures.keys()].some((errand) => errand.binding === one && errand.work === work);
    const open = (one: Binding) =>
      one.pending.length === 0 ? one : { ...one, pending: one.pending.filter((work) => isOpen(one, work)) };
    const bound = here.filter((one) => !isOpen(one, 'bind'));
    const stuck = diff.leaving.filter((one) => isOpen(one, 'connections') || isStuck(one, links));
    const unsaved = save(record, [...bound.map(open), ...stuck]);
    return {
      changed: errands.length > failures.size,
      subjects: diff.changed.filter((one) => bound.includes(one)).map(({ address }) => address.toString()),
      problems: [...missing, ...barred, ...refusalProblems(failures), ...unsaved],
    };
  }

  private recordIn(networksPath: string): BindingRecord {
    const record = this.records.get(networksPath) ?? new BindingRecord(networksPath);
    this.records.set(networksPath, record);
    return record;
  }

  /** @returns what could not be done, and why */
  private async run(errands: readonly Errand[], rounds: number): Promise<ReadonlyMap<Errand, string>> {
    if (errands.length === 0) return new Map();
    try {
      const refused = await this.netlink.run(
        errands.flatMap(({ orders }) => orders),
        rounds,
      );
      const failures = errands.flatMap((errand) => {
        const reason = errand.orders.map((order) => refused.get(order)).find((one) => one !== undefined);
        return reason === undefined ? [] : [[errand, reason] as const];
      });
      const failed = new Map(failures);
      const bound = errands.filter((errand) => errand.work === 'bind' && !failed.has(errand));
      this.links.learnAddresses(bound.map(({ binding }) => binding));
      return failed;
    } catch (error) {
      if (!(error instanceof CommandFailed)) throw error;
      return this.runWithoutPerl(errands, error.stderr.trim());
    }
  }

  /** Addresses are bound all the same. What `ip` does not know is left undone. */
  private async runWithoutPerl(
    errands: readonly Errand[],
    complaint: string,
  ): Promise<ReadonlyMap<Errand, string>> {
    const binds = errands.filter(({ work }) => work === 'bind');
    const problems = await this.links.change(binds.map(({ binding }) => bindingGroup(binding)));
    const reasonFor = ({ work, binding: { address } }: Errand) =>
      work === 'bind'
        ? problems.find(({ floatingIps = [] }) => floatingIps.includes(address))?.message
        : `perl fails: ${complaint}`;
    return new Map(
      errands.flatMap((errand) => {
        const reason = reasonFor(errand);
        return reason === undefined ? [] : [[errand, reason] as const];
      }),
    );
  }
}

/** What can be bound. It stands in the record before it is. */
function recordBindable(
  record: BindingRecord,
  { kept, changed, toBind, leaving }: BindingDiff,
  rules: Ruleset | undefined,
): { bindable: readonly Binding[]; problems: readonly ConvergeProblem[] } {
  const { bindable, barred } = sortByRules(toBind, rules);
  const problems = unboundProblems(barred, 'its rules are not in place');
  if (bindable.length === 0) return { bindable, problems };
  // What a worker leaves that dies now, the next must not take for the operator's.
  const [unsaved] = save(record, [...kept, ...changed, ...leaving]);
  if (!unsaved) return { bindable, problems };
  return { bindable: [], problems: [...problems, ...unboundProblems(bindable, unsaved.message)] };
}

function bindingGroup({ address, device }: Binding) {
  const steps = [`addr replace ${address.toString()}/32 dev ${device}`];
  return { subject: device, steps, undo: [], floatingIps: [address] };
}

function sortByRules(toBind: readonly Binding[], rules: Ruleset | undefined) {
  const translations = rules && translationsIn(rules);
  const isTranslated = ({ address, fixedAddress }: Binding) =>
    translations?.get(address.toString())?.equals(fixedAddress) ?? translations === undefined;
  return {
    bindable: toBind.filter(isTranslated),
    barred: toBind.filter((binding) => !isTranslated(binding)),
  };
}

/** Ours, and it could not be taken away. */
function isStuck(binding: Binding, links: Links): boolean {
  return binding.origin === 'bound' && isBound(links, binding);
}

function isIdle({ kept, changed, leaving }: BindingDiff): boolean {
  return changed.length + leaving.length === 0 && kept.every(({ pending }) => pending.length === 0);
}

/** A full disk is told of, and no reason to do nothing else. */
function save(record: BindingRecord, bindings: readonly Binding[]): ConvergeProblem[] {
  try {
    record.write(bindings);
    return [];
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return [
      { subject: record.path, message: `the record of floating IPs cannot be written: ${error.message}` },
    ];
  }
}
