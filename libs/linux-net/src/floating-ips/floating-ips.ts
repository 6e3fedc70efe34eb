import type { HostPlan } from '@novanet/host-plan';
import type { Ipv4 } from '@novanet/net-address';
import { CommandFailed, type CommandRunner } from '../commands/command-runner.js';
import type { ConvergeProblem, StageOutcome } from '../converge-report.js';
import type { Ruleset } from '../firewall/ruleset.js';
import type { Links } from '../links/link.js';
import type { LinkGroup } from '../links/link-group.js';
import type { LinkKernel } from '../links/link-kernel.js';
import { announce, type AnnouncedAddress } from './announce.js';
import {
  type Binding,
  type BindingDiff,
  diffBindings,
  isBound,
  type PendingWork,
  surplusOf,
} from './binding.js';
import {
  announcementProblem,
  connectionProblem,
  missingProblems,
  unboundProblems,
} from './binding-problems.js';
import { BindingRecord } from './binding-record.js';
import { forgetConnections } from './forget-connections.js';
import { findBindings, translationsIn } from './nova-bindings.js';

/** What came of a piece of work; it is tried again while it fails. */
interface WorkOutcome {
  readonly isDone: boolean;
  readonly changed: boolean;
  readonly problems: readonly ConvergeProblem[];
}

/**
 * The addresses by which instances are reached from outside. An address goes before its rules and comes after them, so
 * that this host never answers in the name of an instance.
 */
export class FloatingIps {
  constructor(
    private readonly runner: CommandRunner,
    private readonly links: LinkKernel,
  ) {}

  /** What this host carries by its own record; where there is none, by the rules it has. */
  async held(networksPath: string, links: Links, rules: Ruleset): Promise<readonly Binding[]> {
    return (await new BindingRecord(networksPath).read()) ?? findBindings(rules, links);
  }

  /** Takes away what is planned no more: one execution, or none. */
  async release(held: readonly Binding[], links: Links, plan: HostPlan): Promise<StageOutcome> {
    const surplus = surplusOf(held, links, plan.floatingIps);
    const groups = surplus.map(({ address, device }) => ({
      subject: device,
      steps: [`addr del ${address.toString()}/32 dev ${device}`],
      undo: [],
    }));
    const subjects = surplus.map(({ address }) => address.toString());
    return { changed: groups.length > 0, subjects, problems: await this.links.change(groups) };
  }

  /**
   * Binds what is missing, tells the segments, and makes the kernel forget connections that were translated otherwise:
   * a few executions for any number of addresses, or none.
   * @param rules what is in the kernel now, when that may not be what was planned: an address without rule is not bound
   */
  async carry(
    held: readonly Binding[],
    links: Links,
    plan: HostPlan,
    rules: Ruleset | undefined,
  ): Promise<StageOutcome> {
    const diff = diffBindings(held, links, plan.floatingIps);
    const problems = missingProblems(diff.missing);
    if (isIdle(diff)) return { changed: false, problems };
    const record = new BindingRecord(plan.networksPath);
    const bound = await this.bind(record, diff, rules);
    const isHere = ({ address }: Binding) => !bound.unbound.some((other) => other.equals(address));
    const here = [...diff.kept, ...diff.changed].filter(isHere);
    const told = await this.tell(here, links, plan.announcements);
    const forgotten = await this.forget(plan.networksPath, [...here, ...diff.leaving]);
    const done: PendingWork[] = [];
    if (told.isDone) done.push('announcement');
    if (forgotten.isDone) done.push('connections');
    const stuck = diff.leaving.filter((binding) => !forgotten.isDone || isStuck(binding, links));
    const unsaved = await save(record, [...here.map((binding) => without(binding, done)), ...stuck]);
    return {
      changed: bound.changed || told.changed || forgotten.changed,
      subjects: diff.changed.filter(isHere).map(({ address }) => address.toString()),
      problems: [...problems, ...bound.problems, ...told.problems, ...forgotten.problems, ...unsaved],
    };
  }

  private async bind(
    record: BindingRecord,
    { kept, changed, toBind, leaving }: BindingDiff,
    rules: Ruleset | undefined,
  ): Promise<StageOutcome & { unbound: readonly Ipv4[] }> {
    const { bindable, barred } = sortByRules(toBind, rules);
    const problems = unboundProblems(barred, 'its rules are not in place');
    if (bindable.length > 0) {
      // Before the addresses are there: what a worker leaves that dies now, the next must not take for the operator's.
      const unsaved = await save(record, [...kept, ...changed, ...leaving]);
      const why = unsaved.map(({ message }) => message).join();
      problems.push(
        ...(unsaved.length > 0
          ? unboundProblems(bindable, why)
          : await this.links.change(bindable.map(bindingGroup))),
      );
    }
    const unbound = problems.flatMap(({ floatingIps = [] }) => floatingIps);
    return { changed: unbound.length < toBind.length, problems, unbound };
  }

  private async tell(here: readonly Binding[], links: Links, rounds: number): Promise<WorkOutcome> {
    const addresses = here
      .filter(({ pending }) => pending.includes('announcement'))
      .flatMap((binding) => announcedOn(links, binding));
    return attempt(
      addresses.map(({ address }) => address),
      announcementProblem,
      () => announce(this.runner, addresses, rounds),
    );
  }

  private async forget(directory: string, bindings: readonly Binding[]): Promise<WorkOutcome> {
    const due = bindings.filter(({ pending }) => pending.includes('connections'));
    const addresses = [...new Map(due.map(({ address }) => [address.toString(), address])).values()];
    return attempt(addresses, connectionProblem, () => forgetConnections(this.runner, directory, addresses));
  }
}

async function attempt(
  addresses: readonly Ipv4[],
  problemOf: (addresses: readonly Ipv4[], failure: CommandFailed) => ConvergeProblem,
  work: () => Promise<void>,
): Promise<WorkOutcome> {
  if (addresses.length === 0) return { isDone: true, changed: false, problems: [] };
  try {
    await work();
    return { isDone: true, changed: true, problems: [] };
  } catch (error) {
    if (!(error instanceof CommandFailed)) throw error;
    return { isDone: false, changed: false, problems: [problemOf(addresses, error)] };
  }
}

function bindingGroup({ address, device }: Binding): LinkGroup {
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

/** Nobody asks for addresses where there is no ARP. */
function announcedOn(links: Links, { address, device }: Binding): AnnouncedAddress[] {
  const link = links.get(device);
  return link?.hasArp && link.mac !== undefined ? [{ address, deviceIndex: link.index, mac: link.mac }] : [];
}

/** Ours, and it could not be taken away. */
function isStuck(binding: Binding, links: Links): boolean {
  return binding.origin === 'bound' && isBound(links, binding);
}

function without(binding: Binding, done: readonly PendingWork[]): Binding {
  return { ...binding, pending: binding.pending.filter((work) => !done.includes(work)) };
}

function isIdle({ kept, changed, leaving }: BindingDiff): boolean {
  return changed.length + leaving.length === 0 && kept.every(({ pending }) => pending.length === 0);
}

/** A full disk is told of, and no reason to do nothing else. */
async function save(record: BindingRecord, bindings: readonly Binding[]): Promise<ConvergeProblem[]> {
  try {
    await record.write(bindings);
    return [];
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return [
      { subject: record.path, message: `the record of floating IPs cannot be written: ${error.message}` },
    ];
  }
}
