import { Ipv4 } from '@novanet/net-address';
import { expect, test } from 'vitest';
import type { Command, CommandResult } from '../commands/command-runner.js';
import { forgetConnections } from './forget-connections.js';

/** A kernel with these connections. */
class FakeConntrack {
  executed = 0;
  readonly inputs: string[] = [];

  constructor(private readonly table: string) {}

  run({ argv, stdin = '' }: Command): Promise<CommandResult> {
    this.executed += 1;
    const isLook = argv.includes('-L');
    if (!isLook) this.inputs.push(stdin);
    return Promise.resolve({ exitCode: 0, stdout: isLook ? this.table : '', stderr: '' });
  }
}

const TABLE = [
  'tcp      6 431999 ESTABLISHED src=198.51.100.9 dst=203.0.113.5 sport=5 dport=80 src=10.0.0.3 dst=198.51.100.9 sport=80 dport=5 [ASSURED] mark=0 use=1',
  'udp      17 28 src=10.0.0.4 dst=198.51.100.9 sport=5 dport=53 [UNREPLIED] src=198.51.100.9 dst=203.0.113.7 sport=53 dport=5 mark=0 use=1',
].join('\n');

const addresses = (count: number) => Array.from({ length: count }, (_, i) => Ipv4.parse(`203.0.113.${i}`));

test('a few addresses are named at once, by what came in and by what left', async () => {
  const conntrack = new FakeConntrack(TABLE);
  await forgetConnections(conntrack, [Ipv4.parse('203.0.113.1'), Ipv4.parse('203.0.113.2')]);
  expect(conntrack.inputs).toEqual([
    '-D -d 203.0.113.1\n-D -q 203.0.113.1\n-D -d 203.0.113.2\n-D -q 203.0.113.2\n',
  ]);
  expect(conntrack.executed).toBe(1);
});

test('of many only those are named that have connections', async () => {
  const conntrack = new FakeConntrack(TABLE);
  await forgetConnections(conntrack, addresses(200));
  expect(conntrack.inputs).toEqual([
    '-D -d 203.0.113.5\n-D -q 203.0.113.5\n-D -d 203.0.113.7\n-D -q 203.0.113.7\n',
  ]);
});

test('many without connections are only looked for', async () => {
  const conntrack = new FakeConntrack('');
  await forgetConnections(conntrack, addresses(200));
  expect(conntrack.executed).toBe(1);
});
