import { parseDeviceName } from '@novanet/net-address';
import { setSysctls } from '@novanet/testbed';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { TcpSession } from '../../test/tcp-session.js';
import { TestHost } from '../../test/test-host.js';
import type { Command, CommandResult } from '../commands/command-runner.js';
import { SpawnCommandRunner } from '../commands/spawn-command-runner.js';
import { LinuxHost } from '../linux-host.js';

/** One more line in the first batch that moves addresses, which the kernel refuses. */
class SabotagedRunner extends SpawnCommandRunner {
  /** How many lines the move has; the first behind them gives the bridge its own address. */
  length = 0;

  constructor(
    netns: string,
    private readonly position: number,
  ) {
    super({ netns });
  }

  override run(command: Command): Promise<CommandResult> {
    const { argv, stdin = '' } = command;
    const isMove = argv.includes('-batch') && !argv.includes('-force') && stdin.includes('master');
    if (!isMove || this.length > 0) return super.run(command);
    const lines = stdin.trimEnd().split('\n');
    this.length = lines.findIndex((line) => line.startsWith('addr replace 10.0.0.1/24'));
    lines.splice(this.position, 0, 'link set dev nothing-here up');
    return super.run({ ...command, stdin: `${lines.join('\n')}\n` });
  }
}

/** Addresses with lifetimes and without prefix route, routes of several tables with metrics, both families. */
const BUSY_INTERFACE = [
  'addr add 10.9.9.5/24 brd 10.9.9.255 dev eth1 valid_lft 3000 preferred_lft 2000 noprefixroute',
  'route add 10.9.9.0/24 dev eth1 proto kernel scope link src 10.9.9.5 metric 100',
  'addr add 10.9.9.6/24 brd 10.9.9.255 dev eth1',
  'addr add 10.44.0.1/16 dev eth1 metric 300',
  'addr add 2001:db8::5/64 dev eth1 nodad valid_lft 3000 preferred_lft 2000',
  'addr add 2001:db8:1::5/64 dev eth1 nodad noprefixroute',
  'route add default via 10.9.9.1 dev eth1 proto dhcp src 10.9.9.5 metric 100 mtu 1400',
  'route add 10.77.0.0/16 dev eth1 table 77 metric 5',
  'route add default via 10.9.9.1 dev eth1 table 78',
  'rule add from 10.9.9.5 table 78',
  'route add ::/0 via 2001:db8::1 dev eth1 metric 512',
  'route add 2001:db8:6::/48 via 2001:db8::1 dev eth1 table 79',
];

let host: TestHost;
let session: TcpSession;
beforeEach(async () => {
  host = await TestHost.create();
  await host.ip(...BUSY_INTERFACE);
  const { network } = host;
  await network.ip('wire', 'addr add 10.9.9.9/24 dev eth1');
  session = await TcpSession.open({
    client: network.netns('wire'),
    server: network.netns('host'),
    address: '10.9.9.5',
    port: 7777,
  });
});
afterEach(async () => {
  session.close();
  await host.remove();
});

/** Everything of the interface that an operator would miss. */
async function stateOf(device: string) {
  const shown = await host.run('ip', '-o', 'addr', 'show', 'dev', device, 'scope', 'global');
  // seconds that are left
  const addresses = shown.replaceAll(/(\d+)sec/g, (_, left: string) => `${Math.ceil(Number(left) / 100)}00s`);
  return { addresses: addresses.replaceAll(device, 'it'), routes: (await host.routes(device)).toSorted() };
}

describe('an interface that moves into a bridge', () => {
  test('has everything as before, wherever the batch fails', { timeout: 120_000 }, async () => {
    const before = await stateOf('eth1');
    let length = Infinity;
    for (let position = 0; position < length; position += 1) {
      const runner = new SabotagedRunner(host.network.netns('host'), position);
      const { problems } = await new LinuxHost(runner).converge(host.plan([{ enableDhcp: false }]));
      length = runner.length;
      const message = expect.stringContaining('nothing-here');
      expect(problems[0]).toMatchObject({ subject: 'br100', message, blocks: 'br100' });
      // which line it was is part of the comparison, to be read when it fails
      const state = { position, ...(await stateOf('eth1')), answers: await session.answers() };
      expect(state).toEqual({ position, ...before, answers: true });
      await host.converge([]);
      expect({ position, ...(await stateOf('eth1')) }).toEqual({ position, ...before });
    }
    expect(length).toBeGreaterThan(20);
  });

  test('takes lifetimes along, and brings them back', async () => {
    const before = await stateOf('eth1');
    expect((await host.converge([{ enableDhcp: false }])).problems).toEqual([]);
    const bridged = await host.run('ip', '-o', 'addr', 'show', 'dev', 'br100');
    expect(bridged).toMatch(
      /inet 10\.9\.9\.5\/24 .*dynamic noprefixroute br100\\ *valid_lft (29..|3000)sec preferred_lft (19..|2000)sec/,
    );
    expect(bridged).toMatch(
      /inet6 2001:db8::5\/64 .*nodad dynamic.*valid_lft (29..|3000)sec preferred_lft (19..|2000)sec/,
    );
    expect(bridged).toMatch(/inet6 2001:db8:1::5\/64 .*noprefixroute.*valid_lft forever/);
    await host.converge([]);
    expect(await stateOf('eth1')).toEqual(before);
    expect(await session.answers()).toBe(true);
  });

  test('keeps its connections when the bridge is in the way of IPv6', async () => {
    const before = await stateOf('eth1');
    await setSysctls(host.network.netns('host'), { 'net.ipv6.conf.default.disable_ipv6': 1 });
    const { problems } = await host.converge([{ enableDhcp: false }]);
    expect(problems[0]).toMatchObject({ subject: 'br100', blocks: 'br100' });
    expect(await stateOf('eth1')).toEqual(before);
    expect(await session.answers()).toBe(true);
  });

  test('stays as it is when it cannot be in a bridge', async () => {
    await host.ip(
      'link add name br9 type bridge',
      'link set br9 up',
      'addr flush dev eth1',
      'link set eth1 master br9',
      'addr add 10.9.9.5/24 dev br9',
    );
    const { problems } = await host.converge([
      { enableDhcp: false, bridgeInterface: parseDeviceName('br9') },
    ]);
    expect(problems[0]).toMatchObject({ subject: 'br100', blocks: 'br100' });
    expect(await host.addresses('br9')).toEqual(['10.9.9.5/24']);
    expect(await session.answers()).toBe(true);
  });
});
