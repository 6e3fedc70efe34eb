import type { RuleFamily } from '@novanet/host-plan';
import type { Command, CommandRunner } from '../commands/command-runner.js';
import { NETLINK_PROGRAM } from './netlink-program.js';

/** What there is on a host, whoever made it. */
export interface Presence {
  /** The families in which the nft variants of iptables and its siblings have tables. */
  readonly families: ReadonlySet<RuleFamily>;
  /** Names of ipsets. */
  readonly sets: readonly string[];
}

const FAMILIES: Readonly<Record<string, RuleFamily>> = { '2': 'ipv4', '10': 'ipv6', '7': 'bridge' };

/** Each takes the kernel two walks, of 0.2 ms when there are no connections; to list them takes 10 ms, or a second for all it can have. */
const MOST_FILTERED = 16;

/** A large table of connections takes its time. */
const LIMIT_MS = 60_000;

/** What the kernel is told, or asked, over netlink: one execution for any number of orders. */
export class Netlink {
  private seen: Presence | undefined;

  constructor(private readonly runner: CommandRunner) {}

  /** Orders will come in a moment: the program starts now, and waits for them. */
  prepare(rounds = 1): void {
    this.runner.prepare?.(programWith(rounds));
  }

  /**
   * Carries orders out, all that can be. See NETLINK_PROGRAM.
   * @param rounds how often what is announced is announced
   * @returns why some were not, by order
   * Throws CommandFailed when none was, because there is no perl.
   */
  async run(orders: readonly string[], rounds = 1): Promise<ReadonlyMap<string, string>> {
    // The first execution of all also looks: that costs none of its own.
    const lines = this.seen ? orders : [...orders, 'look'];
    const { stdout } = await this.runner.run({ ...programWith(rounds), stdin: `${lines.join('\n')}\n` });
    this.seen ??= parsePresence(stdout);
    const failures = [...stdout.matchAll(/^failed (\d+) (.*)$/gm)];
    return new Map(failures.map(([, line, reason = '']) => [lines[Number(line) - 1] ?? '', reason]));
  }

  /**
   * What there was when this was first asked, or when the first orders were carried out. Undefined when the kernel does not
   * say. Throws CommandFailed.
   */
  async presence(): Promise<Presence | undefined> {
    if (!this.seen) await this.run([]);
    return this.seen;
  }
}

function programWith(rounds: number): Omit<Command, 'stdin'> {
  return {
    argv: ['perl', '-e', NETLINK_PROGRAM, String(rounds), String(MOST_FILTERED)],
    timeoutMs: LIMIT_MS,
  };
}

function parsePresence(text: string): Presence | undefined {
  if (!/^seen$/m.test(text)) return undefined;
  const words = (kind: string) =>
    [...text.matchAll(new RegExp(`^${kind} (.+)$`, 'gm'))].flatMap(([, word]) => word ?? []);
  return { families: new Set(words('family').flatMap((word) => FAMILIES[word] ?? [])), sets: words('set') };
}
