import type { AddressSetPlan, IpFamily } from '@novanet/host-plan';
import { CommandFailed, type CommandRunner } from '../commands/command-runner.js';
import type { StageOutcome } from '../converge-report.js';

/** A set as the kernel has it. */
interface AddressSet {
  readonly family: IpFamily;
  readonly members: ReadonlySet<string>;
}

/** Ours, by name. */
export type AddressSets = ReadonlyMap<string, AddressSet>;

const OWN = /^nova-network-sg-/;
const FAMILIES: Readonly<Record<IpFamily, string>> = { ipv4: 'inet', ipv6: 'inet6' };
/** More members than a group has; memory is taken as they come. */
const MOST_MEMBERS = 1_048_576;

/** The ipsets that rules refer to: there before the rules, gone after them. */
export class IpSets {
  /** Undefined: not looked yet. */
  private isEmpty: boolean | undefined;

  constructor(private readonly runner: CommandRunner) {}

  /** Undefined: there are none of ours, and none are planned. Throws CommandFailed when they are planned. */
  async read(plan: readonly AddressSetPlan[]): Promise<AddressSets | undefined> {
    if (plan.length === 0 && this.isEmpty) return undefined;
    try {
      const { stdout } = await this.runner.run({ argv: ['ipset', 'save'] });
      const sets = parseSets(stdout);
      this.isEmpty = sets.size === 0;
      return sets;
    } catch (error) {
      if (!(error instanceof CommandFailed) || plan.length > 0) throw error;
      // a host without the program has none of them
      this.isEmpty = true;
      return undefined;
    }
  }

  /** Makes the planned ones, and fills them: one execution, or none. */
  fill(actual: AddressSets | undefined, plan: readonly AddressSetPlan[]): Promise<StageOutcome> {
    return this.restore(plan.flatMap((set) => fillLines(actual?.get(set.name), set)));
  }

  /** Takes those away to which no rule refers any more: one execution, or none. */
  prune(actual: AddressSets | undefined, plan: readonly AddressSetPlan[]): Promise<StageOutcome> {
    const planned = new Set(plan.map(({ name }) => name));
    const surplus = [...(actual?.keys() ?? [])].filter((name) => !planned.has(name));
    return this.restore(surplus.map((name) => `destroy ${name}`));
  }

  private async restore(lines: readonly string[]): Promise<StageOutcome> {
    if (lines.length === 0) return { changed: false, problems: [] };
    try {
      await this.runner.run({ argv: ['ipset', 'restore', '-exist'], stdin: `${lines.join('\n')}\n` });
      this.isEmpty = undefined;
      return { changed: true, problems: [] };
    } catch (error) {
      if (!(error instanceof CommandFailed)) throw error;
      const message =
        `security groups that are sources of rules do not let their members in; ipset (package ipset) refuses: ` +
        error.stderr.trim();
      return { changed: false, problems: [{ subject: 'ipset', message }] };
    }
  }
}

/** Reads `ipset save`. */
function parseSets(text: string): AddressSets {
  const sets = new Map<string, { family: IpFamily; members: Set<string> }>();
  for (const line of text.split('\n')) {
    const [verb, name = '', third = '', , family] = line.split(' ');
    if (!OWN.test(name)) continue;
    if (verb === 'create') {
      sets.set(name, { family: family === FAMILIES.ipv6 ? 'ipv6' : 'ipv4', members: new Set() });
    } else if (verb === 'add') sets.get(name)?.members.add(third);
  }
  return sets;
}

function fillLines(actual: AddressSet | undefined, { name, family, members }: AddressSetPlan): string[] {
  const wanted = members.map((address) => address.toString());
  const isThere = new Set(wanted);
  const leaving = [...(actual?.members ?? [])].filter((address) => !isThere.has(address));
  return [
    ...(actual ? [] : [`create ${name} hash:ip family ${FAMILIES[family]} maxelem ${MOST_MEMBERS}`]),
    ...wanted.filter((address) => !actual?.members.has(address)).map((address) => `add ${name} ${address}`),
    ...leaving.map((address) => `del ${name} ${address}`),
  ];
}
