import { spawn } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { floatingIp, dhcpHost } from '@novanet/host-plan/testing';
import { parseDeviceName } from '@novanet/net-address';
import { expectPing, expectTcp, httpGet, waitFor } from '@novanet/testbed';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ArpListener } from '../../test/arp-listener.js';
import { TestHost } from '../../test/test-host.js';

const [F1, F2, F3] = ['203.0.113.5', '203.0.113.6', '203.0.113.7'];
const [A, B] = ['10.0.0.3', '10.0.0.4'];
const NETWORK = [
  { dhcpHosts: [dhcpHost('fa:16:3e:00:00:01', A, 'a'), dhcpHost('fa:16:3e:00:00:02', B, 'b')] },
];

let host: TestHost;
beforeEach(async () => {
  host = await TestHost.create();
  await host.ip('route add default via 192.0.2.1');
  await host.network.ip('outside', 'route add 203.0.113.0/24 dev eth0');
});
afterEach(() => host.remove());

/** Floating to fixed addresses, of network 1. */
type Pairs = readonly (readonly [floating: string, fixed: string, device?: string])[];

function carry(pairs: Pairs, settings: Parameters<TestHost['converge']>[1] = {}) {
  const floatingIps = pairs.map(([floating, fixed, device]) =>
    floatingIp(floating, fixed, device === undefined ? undefined : parseDeviceName(device)),
  );
  return host.converge(NETWORK, settings, { floatingIps });
}

async function publicAddresses(device = 'eth0'): Promise<string[]> {
  return (await host.addresses(device)).filter((address) => address.startsWith('203.0.113.'));
}

async function natRules(address: string): Promise<string[]> {
  return (await host.rules('nat')).filter((rule) => rule.includes(address));
}

const withoutArguments = (lines: readonly string[]) => lines.map((line) => line.split(' ')[0]);

describe('with two instances of which one has a floating IP, packets', () => {
  /** Answers with the address it was asked from. */
  function listen(role: 'host' | 'outside' | 'vm1' | 'vm2'): void {
    const script = `require('http').createServer((q, a) => a.end(q.socket.remoteAddress)).listen(8080, '0.0.0.0')`;
    spawn('ip', ['netns', 'exec', host.network.netns(role), process.execPath, '-e', script], {
      stdio: 'ignore',
    });
  }

  async function seenFrom(role: 'host' | 'outside' | 'vm1' | 'vm2', address: string): Promise<string> {
    const netns = host.network.netns(role);
    await expectTcp(netns, address, 8080);
    return (await httpGet(netns, `http://${address}:8080/`)).body;
  }

  async function boot(role: 'vm1' | 'vm2', mac: string, address: string): Promise<void> {
    const tap = await host.plug(role, mac);
    await host.run('bridge', 'link', 'set', 'dev', tap, 'hairpin', 'on');
    await host.network.ip(role, `addr add ${address}/24 dev eth0`, 'route add default via 10.0.0.1');
    listen(role);
  }

  test('go where they should, and come from whom they should', { timeout: 60_000 }, async () => {
    await carry([
      [F1, A],
      [F2, A],
    ]);
    await boot('vm1', 'fa:16:3e:00:00:01', A);
    await boot('vm2', 'fa:16:3e:00:00:02', B);
    listen('outside');
    const seen = {
      'outside to first': await seenFrom('outside', F1),
      'outside to second': await seenFrom('outside', F2),
      'instance to outside': await seenFrom('vm1', '192.0.2.1'),
      'neighbour without to outside': await seenFrom('vm2', '192.0.2.1'),
      'neighbour without to first': await seenFrom('vm2', F1),
      'instance to own first': await seenFrom('vm1', F1),
      'instance to own second': await seenFrom('vm1', F2),
    };
    expect(seen).toEqual({
      'outside to first': '192.0.2.1',
      'outside to second': '192.0.2.1',
      'instance to outside': F1,
      'neighbour without to outside': '192.0.2.10',
      'neighbour without to first': '192.0.2.10',
      'instance to own first': F1,
      'instance to own second': F2,
    });
    await expectPing(host.network.netns('host'), F1);
    await carry([
      [F1, A],
      [F3, B],
    ]);
    expect(await seenFrom('vm2', F1)).toBe(F3);
    expect(await seenFrom('outside', F3)).toBe('192.0.2.1');
  });

  test('go to another instance as soon as it has the floating IP', { timeout: 60_000 }, async () => {
    await carry([[F1, A]]);
    await boot('vm1', 'fa:16:3e:00:00:01', A);
    await boot('vm2', 'fa:16:3e:00:00:02', B);
    await expectPing(host.network.netns('outside'), F1);
    expect((await carry([[F1, B]])).problems).toEqual([]);
    await host.network.ip('vm1', 'link set eth0 down');
    await expectPing(host.network.netns('outside'), F1);
  });
});

describe('the commands', () => {
  test('of a new floating IP are two, of which the address comes after its rules', async () => {
    await carry([]);
    host.takeWrites();
    expect((await carry([[F1, A]])).problems).toEqual([]);
    expect(withoutArguments(host.takeWrites())).toEqual(['iptables-restore', 'perl']);
    expect(await publicAddresses()).toEqual([`${F1}/32`]);
    expect(await carry([[F1, A]])).toMatchObject({ changed: false, problems: [] });
    expect(host.takeWrites()).toEqual([]);
  });

  test('of one that leaves take the address away before its rules', async () => {
    await carry([[F1, A]]);
    host.takeWrites();
    expect(await carry([])).toMatchObject({ changed: true, problems: [] });
    expect(withoutArguments(host.takeWrites())).toEqual(['ip', 'iptables-restore', 'perl']);
    expect(await publicAddresses()).toEqual([]);
    expect(await natRules(F1)).toEqual([]);
    expect(await carry([])).toMatchObject({ changed: false });
  });

  test('of a thousand are as few', { timeout: 60_000 }, async () => {
    const thousand = Array.from(
      { length: 1000 },
      (_, i) => [`198.51.${100 + Math.floor(i / 250)}.${i % 250}`, A] as const,
    );
    await carry([]);
    host.takeWrites();
    const report = await carry(thousand);
    expect(report).toMatchObject({ changed: true, problems: [] });
    // Two to read what is there.
    expect(report.commands).toBe(4);
    expect(withoutArguments(host.takeWrites())).toEqual(['iptables-restore', 'perl']);
    expect(await host.addresses('eth0')).toHaveLength(1001);
    expect(await carry(thousand)).toMatchObject({ changed: false, commands: 2 });
    host.takeWrites();
    expect(await carry([])).toMatchObject({ changed: true, problems: [] });
    expect(withoutArguments(host.takeWrites())).toEqual(['ip', 'iptables-restore', 'perl']);
    expect(await host.addresses('eth0')).toHaveLength(1);
  });
});

describe('the segment', () => {
  let outside: ArpListener;
  beforeEach(async () => {
    outside = await ArpListener.start(host.network.netns('outside'));
  });
  afterEach(() => outside.close());

  const ONCE = ['request 52:54:00:00:00:10', 'reply 52:54:00:00:00:10'];
  const told = (address: string, times: number) =>
    waitFor(() => outside.announcementsOf(address).length === 2 * times, {
      limitMs: 4000,
      what: `${address} was announced ${times} times`,
    });

  test('was told of a new address when the converge is done, and of that alone', async () => {
    await carry([[F1, A]]);
    await told(F1, 1);
    await carry([
      [F1, A],
      [F2, A],
    ]);
    await told(F2, 1);
    await carry([
      [F1, B],
      [F2, A],
    ]);
    await carry([[F1, B]]);
    expect(outside.announcementsOf(F1)).toEqual(ONCE);
    expect(outside.announcementsOf(F2)).toEqual(ONCE);
  });

  test('is told as often as send_arp_for_ha_count says, without a wait', async () => {
    const settings = { sendArpForHa: true, sendArpForHaCount: 3 };
    const startedAt = performance.now();
    await carry([[F1, A]], settings);
    expect(performance.now() - startedAt).toBeLessThan(2000);
    await told(F1, 3);
    expect(outside.announcementsOf(F1)).toEqual([...ONCE, ...ONCE, ...ONCE]);
  });

  test('is told again when the address was lost and comes back', async () => {
    await carry([[F1, A]]);
    await host.ip(`addr del ${F1}/32 dev eth0`);
    expect(await carry([[F1, A]])).toMatchObject({ changed: true });
    await told(F1, 2);
  });

  test('is told by the next worker when this one dies before', async () => {
    await carry([]);
    await host.dieAt('perl', () => carry([[F1, A]]));
    // As if perl had come so far.
    await host.ip(`addr replace ${F1}/32 dev eth0`);
    expect(outside.announcementsOf(F1)).toEqual([]);
    expect(await carry([[F1, A]])).toMatchObject({ changed: true, problems: [] });
    await told(F1, 1);
  });
});

/** Few addresses the kernel looks for itself; for many all connections are listed. */
const CROWD = Array.from({ length: 20 }, (_, index): Pairs[number] => [`203.0.113.${100 + index}`, B]);

describe.each([
  { beside: 'few', crowd: [] },
  { beside: 'many', crowd: CROWD },
])('connections, with $beside other addresses that come and go,', ({ crowd }) => {
  /** What conntrack knows: who asks whom, and who answers whom. */
  async function known(): Promise<string[]> {
    const lines = (await host.run('conntrack', '-L', '-p', 'udp', '-o', 'extended'))
      .split('\n')
      .filter(Boolean);
    return lines.map((line) => [...line.matchAll(/(?:src|dst)=(\S+)/g)].map(([, ip]) => ip).join(' ')).sort();
  }

  const INTO = (floating: string, fixed: string) => `198.51.100.9 ${floating} ${fixed} 198.51.100.9`;
  const OUT_OF = (floating: string, fixed: string) => `${fixed} 198.51.100.9 198.51.100.9 ${floating}`;

  async function connect(...tuples: readonly string[]): Promise<void> {
    for (const [index, tuple] of tuples.entries()) {
      const [from = '', to = '', answerFrom = '', answerTo = ''] = tuple.split(' ');
      const ports = ['--sport', String(1000 + index), '--dport', '53'];
      const answers = ['--reply-port-src', '53', '--reply-port-dst', String(1000 + index)];
      const addresses = ['-s', from, '-d', to, '-r', answerFrom, '-q', answerTo];
      await host.run('conntrack', '-I', '-p', 'udp', '-t', '300', ...addresses, ...ports, ...answers);
    }
  }

  test.each([
    { name: 'end with its association', after: [[F2, A]] as Pairs },
    {
      name: 'end when it goes to another instance',
      after: [
        [F1, B],
        [F2, A],
      ] as Pairs,
    },
  ])('of a floating IP $name, and no others', async ({ after }) => {
    await carry([[F1, A], [F2, A], ...crowd]);
    const others = [
      INTO(F2, A),
      OUT_OF(F2, A),
      '10.0.0.4 198.51.100.9 198.51.100.9 192.0.2.10',
      '10.0.0.3 10.0.0.4 10.0.0.4 10.0.0.3',
    ];
    await connect(INTO(F1, A), OUT_OF(F1, A), ...others);
    expect(await known()).toHaveLength(6);
    await carry(after);
    expect(await known()).toEqual(others.toSorted());
  });

  test('that came before it was associated do not keep it from its instance', async () => {
    await carry([]);
    await connect(`198.51.100.9 ${F1} ${F1} 198.51.100.9`);
    await carry([[F1, A], ...crowd]);
    expect(await known()).toEqual([]);
  });

  test('are told apart by their zone', async () => {
    await carry([[F1, A], ...crowd]);
    await connect(INTO(F1, A), INTO(F2, A));
    for (const zone of ['7', '8']) {
      const [from = '', to = '', answerFrom = '', answerTo = ''] = INTO(F1, A).split(' ');
      const addresses = ['-s', from, '-d', to, '-r', answerFrom, '-q', answerTo];
      const ports = [
        '--sport',
        '1000',
        '--dport',
        '53',
        '--reply-port-src',
        '53',
        '--reply-port-dst',
        '1000',
      ];
      await host.run('conntrack', '-I', '-p', 'udp', '-t', '300', '-w', zone, ...addresses, ...ports);
    }
    expect(await known()).toHaveLength(4);
    await carry([]);
    expect(await known()).toEqual([INTO(F2, A)]);
  });

  test('are ended by the next worker when this one dies before', async () => {
    await carry([[F1, A], ...crowd]);
    await connect(INTO(F1, A));
    await host.dieAt('perl', () => carry([]));
    expect(await known()).toHaveLength(1);
    expect((await carry([])).problems).toEqual([]);
    expect(await known()).toEqual([]);
  });
});

describe('an address of an earlier life', () => {
  const record = () => join(host.directory, 'networks', 'nova-floating-ips.json');

  test('that moved away while this host was down goes, and one of the operator stays', async () => {
    await carry([
      [F1, A],
      [F2, A],
    ]);
    await host.ip('addr add 203.0.113.99/32 dev eth0');
    expect((await carry([[F2, A]])).problems).toEqual([]);
    expect((await publicAddresses()).toSorted()).toEqual([`${F2}/32`, '203.0.113.99/32']);
  });

  test('of a worker that died before it had bound it is taken for its own', async () => {
    await carry([]);
    await host.dieAt('perl', () => carry([[F1, A]]));
    await host.ip(`addr replace ${F1}/32 dev eth0`);
    await carry([]);
    expect(await publicAddresses()).toEqual([]);
  });

  test('that the operator had bound before serves, and stays when the floating IP goes', async () => {
    await host.ip(`addr add ${F1}/32 dev eth0`);
    expect(await carry([[F1, A]])).toMatchObject({ problems: [] });
    expect(await carry([[F1, A]])).toMatchObject({ changed: false });
    await carry([]);
    expect(await publicAddresses()).toEqual([`${F1}/32`]);
    expect(await natRules(F1)).toEqual([]);
  });

  test('of nova-network is known by its rules: what is not planned goes, the rest is not even announced', async () => {
    await host.ip(
      `addr add ${F1}/32 dev eth0`,
      `addr add ${F2}/32 dev eth0`,
      'addr add 203.0.113.99/32 dev eth0',
    );
    const golden = new URL('../../../host-plan/golden/nova-two-floating-ips.iptables-save', import.meta.url);
    await host.network.run('host', ['iptables-restore'], { input: `${await readFile(golden, 'utf8')}\n` });
    expect((await carry([[F2, A]])).problems).toEqual([]);
    expect((await publicAddresses()).toSorted()).toEqual([`${F2}/32`, '203.0.113.99/32']);
    expect(host.takeWrites().join('\n')).not.toContain('announce');
  });

  test('of which a record tells that was written before the last boot is somebody elses', async () => {
    await carry([[F1, A]]);
    await writeFile(
      record(),
      (await readFile(record(), 'utf8')).replace(/"boot": "[^"]*"/, '"boot": "another"'),
    );
    await carry([]);
    expect(await publicAddresses()).toEqual([`${F1}/32`]);
  });

  test('is found by its rules when the record is spoilt', async () => {
    await carry([[F1, A]]);
    await writeFile(record(), '{"boot": 1, "bind');
    await carry([]);
    expect(await publicAddresses()).toEqual([]);
  });
});

describe('a floating IP on an interface that does not exist', () => {
  test('is reported, everything else is done, and it comes when the interface does', async () => {
    const { problems } = await carry([
      [F1, A],
      [F2, A, 'eth7'],
      [F3, B, 'eth7'],
    ]);
    expect(problems).toEqual([
      {
        subject: 'eth7',
        message: expect.stringMatching(/does not exist.*203.0.113.6, 203.0.113.7/),
        floatingIps: [F2, F3].map((address) =>
          expect.objectContaining({ value: BigInt(floatingIp(address, A).address.value) }),
        ),
        missingInterface: 'eth7',
      },
    ]);
    expect(await publicAddresses()).toEqual([`${F1}/32`]);
    await host.network.cable({ role: 'host', device: 'eth7' }, { role: 'wire', device: 'eth7' });
    const later = await carry([
      [F1, A],
      [F2, A, 'eth7'],
      [F3, B, 'eth7'],
    ]);
    expect(later.problems).toEqual([]);
    expect(await publicAddresses('eth7')).toEqual([`${F2}/32`, `${F3}/32`]);
  });

  test('that was on another interface before is taken away there', async () => {
    await carry([[F1, A]]);
    const { problems } = await carry([[F1, A, 'eth7']]);
    expect(problems).toEqual([expect.objectContaining({ missingInterface: 'eth7' })]);
    expect(await publicAddresses()).toEqual([]);
  });
});

test('an address whose rules iptables refuses is not bound: this host would answer in its stead', async () => {
  const plan = host.plan(NETWORK, {}, { floatingIps: [floatingIp(F1, A), floatingIp(F2, A)] });
  const bad = `-d ${F1}/32 -j DNAT --to-destination ${A}`;
  const spoilt = (rule: string) => (rule === bad ? `-d ${F1}/32 -j DNAT --to-destination nowhere` : rule);
  const tables = plan.firewall.ipv4.tables.map((table) => ({
    ...table,
    chains: table.chains.map((chain) => ({ ...chain, rules: chain.rules.map(spoilt) })),
  }));
  const { problems } = await host.linux.converge({
    ...plan,
    firewall: { ...plan.firewall, ipv4: { tables } },
  });
  expect(problems.find(({ floatingIps }) => floatingIps !== undefined)).toMatchObject({
    subject: 'eth0',
    message: expect.stringContaining('its rules are not in place'),
  });
  expect(await publicAddresses()).toEqual([`${F2}/32`]);
});

test('without perl the address works all the same, and the report says what is missing', async () => {
  const env = await TestHost.pathWithout('perl');
  const poor = await TestHost.create(env);
  poor.cleanUp.push(env['PATH'] ?? '');
  const floatingIps = [floatingIp(F1, A)];
  try {
    const problems = [/were not told.*perl/, /connections.*perl/].map((message) => ({
      subject: F1,
      message: expect.stringMatching(message),
    }));
    expect(await poor.converge(NETWORK, {}, { floatingIps })).toMatchObject({ changed: true, problems });
    expect(await poor.addresses('eth0')).toContain(`${F1}/32`);
    expect(await poor.converge(NETWORK, {}, { floatingIps })).toMatchObject({ changed: false, problems });
  } finally {
    await poor.remove();
  }
});
