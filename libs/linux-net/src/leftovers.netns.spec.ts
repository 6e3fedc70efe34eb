import { Ipv6, Ipv6Cidr } from '@novanet/net-address';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { TestHost } from '../test/test-host.js';
import { type Command, CommandFailed, LinuxHost, SpawnCommandRunner } from './index.js';

/** Needs rules of all families. */
const NETWORK = {
  isMultiHost: true,
  sharesAddress: true,
  v6: { cidr: Ipv6Cidr.parse('fd00:0:0:1::/64'), gateway: Ipv6.parse('fd00:0:0:1::ab:cdef') },
};
const SETTINGS = { usesIpv6: true };

let host: TestHost;
beforeEach(async () => {
  host = await TestHost.create();
});
afterEach(() => host.remove());

/** Of ours, besides the rules of IPv4, which a host has without networks, too. */
async function ours(): Promise<string[]> {
  const texts = await Promise.all(
    [['ip6tables-save'], ['ebtables-save'], ['ipset', 'save']].map(([program = '', ...args]) =>
      host.run(program, ...args),
    ),
  );
  return texts.join('').match(/nova-network-[\w-]+/g) ?? [];
}

async function leave(): Promise<void> {
  expect((await host.converge([NETWORK], SETTINGS)).problems).toEqual([]);
  await host.run('ipset', 'create', 'nova-network-sg-7-ipv4', 'hash:ip');
  await host.run('ipset', 'create', 'of-the-operator', 'hash:ip');
  await host.run('ip6tables', '-A', 'INPUT', '-i', 'eth9', '-j', 'ACCEPT');
}

test('rules and sets of an earlier life are taken away by the first converge, where no plan asks for any', async () => {
  await leave();
  host.linux = new LinuxHost(host.runner);
  host.runner.lines.splice(0);
  expect(await host.converge([])).toMatchObject({ changed: true, problems: [] });
  expect(await ours()).toEqual([]);
  expect(await host.run('ipset', 'save')).toContain('of-the-operator');
  expect(await host.run('ip6tables-save')).toContain('-i eth9');
  host.runner.lines.splice(0);
  expect(await host.converge([])).toMatchObject({ changed: false });
  expect(host.runner.lines.toSorted()).toEqual(['ip -json -details addr show', 'iptables-save']);
});

test('they are found also without perl', async () => {
  await leave();
  class PoorRunner extends SpawnCommandRunner {
    override run(command: Command) {
      const { argv } = command;
      return argv[0] === 'perl'
        ? Promise.reject(new CommandFailed(argv, null, 'no perl'))
        : super.run(command);
    }
  }
  const poor = new LinuxHost(new PoorRunner({ netns: host.network.netns('host') }));
  expect(await poor.converge(host.plan([]))).toMatchObject({ changed: true, problems: [] });
  expect(await ours()).toEqual([]);
});

test('where there is nothing, no family is read', async () => {
  await host.converge([{}]);
  expect(host.runner.lines.filter((line) => /ip6tables|ebtables|ipset/.test(line))).toEqual([]);
});
