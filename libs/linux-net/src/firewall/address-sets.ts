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

const NOTHING_DONE: StageOutcome = { changed: false, problems: [] };

/** The ipsets that rules refer to: there before the rules, gone after them. Nothing tells when somebody else changes one. */
export class IpSets {
  private known: AddressSets | undefined;
  /** Whether there may be some of an earlier life, and whether there may be some of this one. */
  private state: 'unseen' | 'used' | 'none' = 'unseen';

  constructor(private readonly runner: CommandRunner) {}

  /** @param isTrusted whether they are as the last converge left them */
  begin(isTrusted: boolean): void {
    if (!isTrusted) this.known = undefined;
  }

  /** None when none are planned, or were. Executes nothing when they are known. Throws CommandFailed. */
  async current(plan: readonly AddressSetPlan[]): Promise<AddressSets> {
    if (plan.length > 0) this.state = 'used';
    if (this.state !== 'used') return new Map();
    return this.known ?? this.read();
  }

  /** Makes the planned ones, and fills them: one execution, or none. */
  fill(actual: AddressSets, plan: readonly AddressSetPlan[]): Promise<StageOutcome> {
    const added = plan.map((set) => [set.name, wantedSet(set)] as const);
    return this.restore(
      plan.flatMap((set) => fillLines(actual.get(set.name), set)),
      new Map([...actual, ...added]),
    );
  }

  /** The lines that {@link fill} and {@link prune} would carry out. Changes nothing. */
  differences(actual: AddressSets, plan: readonly AddressSetPlan[]): string[] {
    return [...plan.flatMap((set) => fillLines(actual.get(set.name), set)), ...pruneLines(actual, plan)];
  }

  /** Takes those away to which no rule refers any more: one execution, or none. */
  async prune(actual: AddressSets, plan: readonly AddressSetPlan[]): Promise<StageOutcome> {
    const outcome = await this.restore(
      pruneLines(actual, plan),
      new Map(plan.map((set) => [set.name, wantedSet(set)])),
    );
    if (this.state === 'used' && plan.length === 0 && outcome.problems.length === 0) this.state = 'none';
    return outcome;
  }

  /**
   * Those of an earlier life, when no plan has asked for any since.
   * @param names of all that there are; undefined: nobody knows
   */
  async removeLeftovers(names: readonly string[] | undefined): Promise<StageOutcome> {
    if (this.state !== 'unseen') return NOTHING_DONE;
    this.state = 'none';
    if (names && !names.some((name) => OWN.test(name))) return NOTHING_DONE;
    this.state = 'used';
    try {
      return await this.prune(await this.read(), []);
    } catch (error) {
      if (!(error instanceof CommandFailed)) throw error;
      // a host without the program has none of them
      this.state = 'none';
      return NOTHING_DONE;
    }
  }

  private async read(): Promise<AddressSets> {
    const { stdout } = await this.runner.run({ argv: ['ipset', 'save'] });
    this.known = parseSets(stdout);
    return this.known;
  }

  /** @param after what there is when the lines were carried out */
  private async restore(lines: readonly string[], after: AddressSets): Promise<StageOutcome> {
    if (lines.length === 0) return NOTHING_DONE;
    this.known = undefined;
    try {
      await this.runner.run({ argv: ['ipset', 'restore', '-exist'], stdin: `${lines.join('\n')}\n` });
      this.known = after;
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

function wantedSet({ family, members }: AddressSetPlan): AddressSet {
  return { family, members: new Set(members.map((address) => address.toString())) };
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

function pruneLines(actual: AddressSets, plan: readonly AddressSetPlan[]): string[] {
  const planned = new Set(plan.map(({ name }) => name));
  return [...actual.keys()].filter((name) => !planned.has(name)).map((name) => `destroy ${name}`);
}
