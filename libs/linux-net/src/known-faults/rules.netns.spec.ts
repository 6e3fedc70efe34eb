import { floatingIp, v4Of } from '@novanet/host-plan/testing';
import { Ipv4, parseDeviceName } from '@novanet/net-address';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { TestHost } from '../../test/test-host.js';
import { type Command, type CommandResult, LinuxHost, SpawnCommandRunner } from '../index.js';

let host: TestHost;
beforeEach(async () => {
  host = await TestHost.create();
});
afterEach(() => host.remove());

/** Does something else just before the rules are written. */
class InterruptedRunner extends SpawnCommandRunner {
  constructor(
    netns: string,
    private readonly interrupt: () => Promise<unknown>,
  ) {
    super({ netns });
  }

  override async run(command: Command): Promise<CommandResult> {
    if (command.argv.includes('iptables-restore')) await this.interrupt();
    return super.run(command);
  }
}

const restore = (...lines: readonly string[]) =>
  host.network.run('host', ['iptables-restore', '--noflush'], { input: `${lines.join('\n')}\nCOMMIT\n` });

async function linesWith(text: string): Promise<string[]> {
  return (await host.run('iptables-save')).split('\n').filter((line) => line.includes(text));
}

test('chains and rules of others whose names begin like ours, or name us, stay', async () => {
  await restore(
    '*filter',
    ':nova-network - [0:0]',
    ':nova-net - [0:0]',
    ':nova-api-metadat-INPUT - [0:0]',
    '-A INPUT -j nova-api-metadat-INPUT',
    '-A nova-api-metadat-INPUT -m comment --comment nova-network-INPUT -j ACCEPT',
    '-A nova-network -m comment --comment "-j nova-network-FORWARD" -j DROP',
    '-A FORWARD -o nova-net0 -j nova-network',
  );
  const before = await linesWith('nova-');
  await host.converge();
  await host.converge([]);
  await host.linux.drain(host.plan([]));
  expect(await linesWith('nova-')).toEqual(before);
});

test('a rule that somebody adds between our look and our change stays', async () => {
  const interrupt = async () => {
    await host.run('iptables', '-w', '-I', 'INPUT', '-s', '198.18.0.1', '-j', 'DROP');
    await host.run('iptables', '-w', '-t', 'nat', '-A', 'POSTROUTING', '-s', '198.18.0.2', '-j', 'ACCEPT');
    await restore('*filter', ':fail2ban - [0:0]', '-A fail2ban -s 198.18.0.3/32 -j REJECT');
  };
  const linux = new LinuxHost(new InterruptedRunner(host.network.netns('host'), interrupt));
  expect((await linux.converge(host.plan())).problems).toEqual([]);
  expect(await linesWith('198.18.0.')).toHaveLength(3);
});

test('rules that others add while we change ours again and again all stay', async () => {
  const marks = Array.from({ length: 60 }, (_, i) => `0x${i + 1}`);
  const others = async () => {
    for (const mark of marks) {
      await host.run('iptables', '-w', '-A', 'FORWARD', '-m', 'mark', '--mark', mark, '-j', 'ACCEPT');
    }
  };
  const progress = { isDone: false };
  const adding = others().finally(() => (progress.isDone = true));
  let port = 1000;
  while (!progress.isDone)
    expect((await host.converge([{}], { metadataPort: (port += 1) })).problems).toEqual([]);
  await adding;
  expect(port).toBeGreaterThan(1002);
  const rules = (await host.rules('filter')).filter((line) => line.includes('--mark'));
  expect(rules).toEqual(marks.map((mark) => `-A FORWARD -m mark --mark ${mark} -j ACCEPT`));
});

test('what a deleted network had goes at once, its VPN and its metadata included', async () => {
  const myIp = Ipv4.parse('192.0.2.10');
  const leaving = {
    id: 2,
    bridge: parseDeviceName('br200'),
    bridgeInterface: undefined,
    v4: v4Of({}, '10.0.1.0/24'),
    vpn: { publicAddress: myIp, publicPort: 1000, privateAddress: Ipv4.parse('10.0.1.2') },
  };
  await host.converge([{}]);
  const before = await host.run('iptables-save');
  await host.converge(
    [{}, leaving],
    {},
    { floatingIps: [{ ...floatingIp('203.0.113.5', '10.0.1.3'), networkId: 2 }] },
  );
  expect((await linesWith('10.0.1.')).length).toBeGreaterThan(5);
  await host.converge([{}]);
  const plain = (text: string) => text.replaceAll(/^#.*\n|\[\d+:\d+\]/gm, '');
  expect(plain(await host.run('iptables-save'))).toBe(plain(before));
});

test('of many chains that go at once none stays', async () => {
  await host.converge();
  const chains = Array.from({ length: 20 }, (_, i) => `nova-network-inst-${i + 1}`);
  await restore(
    '*filter',
    ...chains.map((chain) => `:${chain} - [0:0]`),
    ...chains.map((chain, i) => `-A nova-network-local -d 10.0.0.${i + 3}/32 -j ${chain}`),
    ...chains.map((chain) => `-A ${chain} -j DROP`),
  );
  expect((await host.converge()).problems).toEqual([]);
  expect(await linesWith('nova-network-inst-')).toEqual([]);
});

test('nova-postrouting-bottom is the last again when somebody else has appended a rule', async () => {
  await host.converge();
  await host.run('iptables', '-t', 'nat', '-A', 'POSTROUTING', '-s', '172.17.0.0/16', '-j', 'MASQUERADE');
  const report = await host.converge();
  expect(report).toMatchObject({ changed: true, problems: [] });
  expect((await host.rules('nat')).filter((line) => line.startsWith('-A POSTROUTING'))).toEqual([
    '-A POSTROUTING -j nova-network-POSTROUTING',
    '-A POSTROUTING -s 172.17.0.0/16 -j MASQUERADE',
    '-A POSTROUTING -j nova-postrouting-bottom',
  ]);
  expect(await host.converge()).toMatchObject({ changed: false });
});
