import { spawn, type ChildProcess } from 'node:child_process';
import { text } from 'node:stream/consumers';

import { inNamespace } from '@novanet/testbed';

/** What came of a flow of packets. */
export interface FlowAccount {
  readonly sent: number;
  readonly lost: number;
  /** Milliseconds between two answers, at most. */
  readonly longestGap: number;
}

const perSecond = 100;

/** So many numbered packets a second, each of which is to be answered. */
export class PingFlow {
  private readonly child: ChildProcess;
  private readonly output: Promise<string>;

  private constructor(netns: string, address: string) {
    const [program = '', ...args] = inNamespace(netns, [
      'ping',
      '-n',
      '-D',
      '-i',
      String(1 / perSecond),
      address,
    ]);
    this.child = spawn(program, args, { stdio: ['ignore', 'pipe', 'ignore'] });
    this.output = this.child.stdout ? text(this.child.stdout) : Promise.resolve('');
  }

  static start(netns: string, address: string): PingFlow {
    return new PingFlow(netns, address);
  }

  /** Ends it. Packets that are under way at that moment do not count. */
  async stop(): Promise<FlowAccount> {
    this.child.kill('SIGINT');
    return accountOf(await this.output);
  }
}

/** Reads the lines of `ping -D`. */
export function accountOf(output: string): FlowAccount {
  const answers = [...output.matchAll(/^\[(\d+\.\d+)\] .* icmp_seq=(\d+) .*time=/gm)].map((match) => ({
    at: Number(match[1]) * 1_000,
    number: Number(match[2]),
  }));
  const numbers = new Set(answers.map(({ number }) => number));
  const lastAnswered = Math.max(0, ...numbers);
  const transmitted = Number(/^(\d+) packets transmitted/m.exec(output)?.[1] ?? 0);
  const isDead = transmitted - lastAnswered > perSecond;
  const sent = isDead ? transmitted : lastAnswered;
  const gaps = answers.slice(1).map(({ at }, index) => at - (answers[index]?.at ?? at));
  return { sent, lost: sent - numbers.size, longestGap: Math.max(0, ...gaps) };
}
