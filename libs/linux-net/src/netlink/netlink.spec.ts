import { expect, test } from 'vitest';
import type { Command, CommandResult } from '../commands/command-runner.js';
import { Netlink } from './netlink.js';

/** A perl that says these things, one after the other. */
class FakePerl {
  executed = 0;
  readonly inputs: string[] = [];

  constructor(private readonly answers: readonly string[]) {}

  readKernelFile = () => Promise.resolve(undefined);
  writeKernelFile = () => Promise.resolve(false);

  run({ stdin = '' }: Command): Promise<CommandResult> {
    this.inputs.push(stdin);
    const stdout = this.answers[this.executed] ?? '';
    this.executed += 1;
    return Promise.resolve({ exitCode: 0, stdout, stderr: '' });
  }
}

const SEEN = 'family 10\nfamily 1\nfamily 2\nset nova-network-sg-1\nseen\n';

test('what failed is told by its order', async () => {
  const perl = new FakePerl(['failed 2 No such device\nseen\n']);
  const failures = await new Netlink(perl).run([
    'bind 1 203.0.113.5',
    'bind 9 203.0.113.6',
    'forget 203.0.113.5',
  ]);
  expect([...failures]).toEqual([['bind 9 203.0.113.6', 'No such device']]);
});

test('what there is is looked for on the way, once', async () => {
  const perl = new FakePerl([SEEN]);
  const netlink = new Netlink(perl);
  await netlink.run(['forget 203.0.113.5']);
  await netlink.run(['forget 203.0.113.6']);
  expect(await netlink.presence()).toEqual({
    families: new Set(['ipv6', 'ipv4']),
    sets: ['nova-network-sg-1'],
  });
  expect(perl.inputs).toEqual(['forget 203.0.113.5\nlook\n', 'forget 203.0.113.6\n']);
});

test('what there is costs an execution when nothing was ordered', async () => {
  const perl = new FakePerl([SEEN]);
  expect((await new Netlink(perl).presence())?.sets).toEqual(['nova-network-sg-1']);
  expect(perl.inputs).toEqual(['look\n']);
});

test('a kernel that does not tell what there is leaves that open', async () => {
  const perl = new FakePerl(['failed 1 Invalid argument\n', 'failed 1 Invalid argument\n']);
  expect(await new Netlink(perl).presence()).toBeUndefined();
});
