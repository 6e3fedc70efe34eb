import { mkdtemp, readFile, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HostPlan } from '@novanet/host-plan';
import { dhcpHost, floatingIp } from '@novanet/host-plan/testing';
import { expectPing, tryCommand, waitFor } from '@novanet/testbed';
import { Ipv6, Ipv6Cidr, parseDeviceName } from '@novanet/net-address';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { TestHost } from '../../test/test-host.js';
import type { ConvergeReport } from '../converge-report.js';
import { HostWatch } from '../index.js';

const MAC = 'fa:16:3e:00:00:01';
const HELD = dhcpHost(MAC, '10.0.0.3', 'vm-one');
const NETWORK = {
  dhcpHosts: [HELD],
  heldLeases: [{ ...HELD, expiresAt: new Date(Date.now() + 3_600_000) }],
};
const CARRIED = { floatingIps: [floatingIp('203.0.113.5', '10.0.0.3')] };

/** How long instances may be without what somebody took away. */
const BACK_MS = 2000;
/** And without the DHCP server, which is looked after more often. */
const SERVER_BACK_MS = 1000;
/** Where others use the processors, one try may be late. */
const tries = { retry: 2 };

/** A worker in a namespace of its own: it watches, and mends what it is told of. */
class WatchedHost {
  readonly mends: { faults: readonly string[]; report: ConvergeReport }[] = [];
  readonly warnings: string[] = [];
  readonly watch: HostWatch;
  plan: HostPlan;

  private constructor(readonly host: TestHost) {
    this.plan = host.plan([NETWORK], {}, CARRIED);
    const mend = async (faults: readonly string[]) => {
      this.mends.push({ faults, report: await this.watch.converge(this.plan) });
    };
    const log = {
      warn: (fields: object, message: string) =>
        void this.warnings.push(`${message} ${JSON.stringify(fields)}`),
    };
    this.watch = new HostWatch({ host: host.linux, runner: host.runner, mend, log });
  }

  static async create(env: Record<string, string> = {}): Promise<WatchedHost> {
    const worker = new WatchedHost(await TestHost.create(env));
    await worker.watch.start();
    const { problems } = await worker.watch.converge(worker.plan);
    if (problems.length > 0) throw new Error(JSON.stringify(problems));
    return worker;
  }

  /** Damages the host and waits until the state is as before and somebody mended it; returns what was mended. */
  async damage<T>(work: () => Promise<unknown>, state: () => Promise<T>): Promise<string[]> {
    const before = JSON.stringify(await state());
    await work();
    const startedAt = performance.now();
    const isBack = async () => this.mends.length > 0 && JSON.stringify(await state()) === before;
    await waitFor(isBack, { limitMs: 10_000, what: 'the host is as it was' });
    const tookMs = performance.now() - startedAt;
    if (tookMs > BACK_MS) throw new Error(`it took ${Math.round(tookMs)} ms`);
    const changes = this.mends.splice(0).flatMap(({ report }) => report.changes);
    return changes.flatMap(({ stage, subjects }) => subjects.map((subject) => `${stage}: ${subject}`));
  }

  /** How many programs are run in this time. */
  async executionsWithin(ms: number): Promise<number> {
    const before = this.host.runner.executed;
    const end = performance.now() + ms;
    await waitFor(() => performance.now() > end, { limitMs: ms * 2, what: 'the time passes' });
    return this.host.runner.executed - before;
  }

  async remove(): Promise<void> {
    await this.watch.stop();
    await this.host.remove();
  }
}

/** An environment in which iptables is this variant. */
async function pathTo(variant: string): Promise<{ bin: string; PATH: string }> {
  const bin = await mkdtemp(join(tmpdir(), 'novanet-bin-'));
  for (const program of ['iptables-save', 'iptables-restore', 'ip6tables-save', 'ip6tables-restore']) {
    await symlink(`/usr/sbin/xtables-${variant}-multi`, join(bin, program));
  }
  return { bin, PATH: `${bin}:${process.env['PATH']}` };
}

let worker: WatchedHost;
let host: TestHost;
afterEach(() => worker.remove());

describe.each(['nft', 'legacy'])('with iptables-%s', (variant) => {
  beforeEach(async () => {
    const { bin, PATH } = await pathTo(variant);
    worker = await WatchedHost.create({ PATH });
    host = worker.host;
    host.cleanUp.push(bin);
  });

  const rules = (table: string) => host.rules(table, `iptables-${variant}-save`);
  const iptables = (...words: string[]) => host.run(`iptables-${variant}`, ...words);

  test('a flushed nat table is back', tries, async () => {
    const mended = await worker.damage(
      () => iptables('-t', 'nat', '-F'),
      () => rules('nat'),
    );
    expect(mended).toEqual(expect.arrayContaining(['firewall: iptables nat nova-network-snat']));
    expect(mended.filter((change) => !change.startsWith('firewall: iptables nat '))).toEqual([]);
  });

  test('a jump to our rules that somebody deletes is back', tries, async () => {
    const mended = await worker.damage(
      () => iptables('-D', 'FORWARD', '-j', 'nova-filter-top'),
      () => rules('filter'),
    );
    expect(mended).toEqual(['firewall: iptables filter jumps in FORWARD']);
  });

  test('rules of others are looked at, and no more', async () => {
    await worker.executionsWithin(1000);
    await iptables('-A', 'INPUT', '-s', '192.0.2.99', '-j', 'DROP');
    host.runner.lines.length = 0;
    await waitFor(() => host.runner.lines.length > 0, { limitMs: 5000, what: 'the rules are looked at' });
    await worker.executionsWithin(1000);
    expect(new Set(host.runner.lines)).toEqual(new Set(['iptables-save']));
    expect(worker.mends).toEqual([]);
  });

  test(`a quiet host runs ${variant === 'nft' ? 'no program' : 'one program now and then'}`, async () => {
    await worker.executionsWithin(500);
    expect(await worker.executionsWithin(4000)).toBeLessThanOrEqual(variant === 'nft' ? 0 : 3);
  });
});

describe('what somebody does to the devices is undone:', () => {
  beforeEach(async () => {
    worker = await WatchedHost.create();
    host = worker.host;
  });

  const state = async () => ({
    bridge: await host.addresses('br100').catch(() => []),
    up: (await host.run('ip', '-o', 'link', 'show', 'up', 'dev', 'br100').catch(() => '')) !== '',
    ports: (await host.run('bridge', 'link', 'show'))
      .match(/\S+(?=@|: <).*master \S+/g)
      ?.map((line) => line.replace(/[:@].*master/, '')),
    loopback: await host.run('ip', '-o', 'addr', 'show', 'dev', 'lo', 'scope', 'link'),
    public: await host.addresses('eth0'),
    forwards: await host.run('sysctl', '-n', 'net.ipv4.ip_forward'),
  });

  test(
    'a deleted bridge is back with its interface, its address and the instances that were in it',
    tries,
    async () => {
      const tap = await host.plug('vm1', MAC);
      await host.network.ip('vm1', 'addr add 10.0.0.3/24 dev eth0');
      await host.ip(`link set dev ${tap} type bridge_slave hairpin on`);
      const mended = await worker.damage(() => host.ip('link del br100'), state);
      expect(mended).toEqual(expect.arrayContaining(['links: br100', `links: ${tap}`]));
      expect(await host.run('bridge', '-d', 'link', 'show', 'dev', tap)).toContain('hairpin on');
      await expectPing(host.network.netns('vm1'), '10.0.0.1');
      expect(await host.askForAddress('vm1')).toBe('10.0.0.3');
    },
  );

  test('an instance that was unplugged stays so when the bridge goes later', async () => {
    const tap = await host.plug('vm1', MAC);
    await host.ip(`link set dev ${tap} nomaster`);
    await worker.executionsWithin(1500);
    await worker.damage(() => host.ip('link del br100'), state);
    expect(await host.run('ip', 'link', 'show', 'dev', tap)).not.toContain('master');
  });

  test.each([
    { what: "the bridge's address", lines: ['addr del 10.0.0.1/24 dev br100'], mended: 'links: br100' },
    {
      what: 'the address of the metadata service',
      lines: ['addr del 169.254.169.254/32 dev lo'],
      mended: 'links: lo',
    },
    {
      what: 'a floating IP',
      lines: ['addr del 203.0.113.5/32 dev eth0'],
      mended: 'floating IPs: 203.0.113.5',
    },
    { what: 'the bridge is down', lines: ['link set dev br100 down'], mended: 'links: br100' },
    {
      what: 'the interface is out of the bridge',
      lines: ['link set dev eth1 nomaster'],
      mended: 'links: br100',
    },
  ])('$what', tries, async ({ lines, mended }) => {
    expect(await worker.damage(() => host.ip(...lines), state)).toEqual([mended]);
  });

  test('forwarding is off', tries, async () => {
    expect(await worker.damage(() => host.run('sysctl', '-q', '-w', 'net.ipv4.ip_forward=0'), state)).toEqual(
      ['sysctl: net.ipv4.ip_forward'],
    );
  });

  test('a killed DHCP server is back within a second, with its leases', tries, async () => {
    const first = await host.dnsmasqPid();
    const replays = async () => (await host.leaseEvents()).filter((event) => event.includes(' old ')).length;
    const before = await replays();
    const runsAnew = async () => (await host.dnsmasqPid().catch(() => first)) !== first;
    process.kill(first, 'SIGKILL');
    const startedAt = performance.now();
    await waitFor(async () => (await runsAnew()) && (await replays()) > before, {
      limitMs: 10_000,
      what: 'another server tells the lease it was told',
    });
    expect(performance.now() - startedAt).toBeLessThan(SERVER_BACK_MS);
    await host.plug('vm1', MAC);
    expect(await host.askForAddress('vm1')).toBe('10.0.0.3');
  });
});

test('a killed radvd is back', tries, async () => {
  worker = await WatchedHost.create();
  const { host: own, watch } = worker;
  const v6 = { cidr: Ipv6Cidr.parse('fd00::/64'), gateway: Ipv6.parse('fd00::1') };
  worker.plan = own.plan([{ ...NETWORK, v6 }], { usesIpv6: true });
  expect((await watch.converge(worker.plan)).problems).toEqual([]);
  const [pidFile = ''] = worker.plan.routerAdvertisements.map((one) => one.pidFile);
  const first = Number(await readFile(pidFile, 'utf8'));
  const mended = await worker.damage(
    async () => process.kill(first, 'SIGKILL'),
    async () => Number(await readFile(pidFile, 'utf8').catch(() => first)) > 0,
  );
  expect(mended).toEqual(['router advertisements: br100']);
  expect(Number(await readFile(pidFile, 'utf8'))).not.toBe(first);
});

describe('a watched host', () => {
  beforeEach(async () => {
    worker = await WatchedHost.create();
    host = worker.host;
  });

  test('that is changed by request is not looked at once more', async () => {
    await worker.executionsWithin(500);
    for (const networks of [
      [NETWORK, { id: 2, bridge: parseDeviceName('br200'), bridgeInterface: undefined }],
      [],
      [NETWORK],
    ]) {
      worker.plan = host.plan(networks, {}, networks.length > 0 ? CARRIED : {});
      const { commands } = await worker.watch.converge(worker.plan);
      expect(commands).toBeGreaterThan(3);
      expect(await worker.executionsWithin(1500)).toBe(0);
    }
    expect(worker.mends).toEqual([]);
  });

  test('gets back also what is taken away while a request is under way, after that was looked at', async () => {
    const run = host.runner.run.bind(host.runner);
    let damage: Promise<unknown> | undefined;
    host.runner.run = async (command) => {
      const result = await run(command);
      if (command.argv[0] === 'iptables-restore') {
        damage ??= Promise.all([
          host.run('iptables', '-t', 'nat', '-F'),
          host.ip('addr del 10.0.0.1/24 dev br100'),
        ]);
        await damage;
      }
      return result;
    };
    worker.plan = host.plan([NETWORK], { metadataPort: 8776 }, CARRIED);
    await worker.watch.converge(worker.plan);
    const isWhole = async () =>
      (await host.addresses('br100')).includes('10.0.0.1/24') &&
      (await host.rules('nat')).some((rule) => rule.includes('8776'));
    expect(await isWhole()).toBe(false);
    await waitFor(isWhole, { limitMs: 5000, what: 'both are back' });
  });

  test('does not care about two hundred instances that are plugged in', async () => {
    await worker.executionsWithin(500);
    const taps = Array.from({ length: 200 }, (_, index) => `tap${index}`);
    const before = host.runner.executed;
    for (const tap of taps) {
      await host.ip(
        `link add ${tap} type veth peer name in-${tap}`,
        `link set ${tap} master br100 up`,
        `link set in-${tap} up`,
      );
    }
    await worker.executionsWithin(1500);
    expect(host.runner.executed - before).toBe(0);
    await worker.damage(
      () => host.ip('link del br100'),
      async () => (await host.run('bridge', 'link', 'show')).match(/master br100/g)?.length,
    );
  });

  test('whose interface somebody else keeps is looked at once, and again when that changes', async () => {
    await host.ip('link add br9 type bridge', 'link set dev eth1 nomaster', 'link set dev eth1 master br9');
    await waitFor(() => worker.mends.length > 0, { limitMs: 5000, what: 'the host is looked at' });
    await worker.executionsWithin(1000);
    worker.mends.length = 0;
    for (let count = 0; count < 5; count += 1)
      await host.ip('link set dev eth1 down', 'link set dev eth1 up');
    await worker.executionsWithin(1500);
    expect(worker.mends.length).toBeLessThanOrEqual(2);
    await host.ip('link set dev eth1 nomaster');
    await waitFor(async () => (await host.run('bridge', 'link')).includes('master br100'), {
      limitMs: 5000,
      what: 'eth1 is back',
    });
  });

  test('takes a bridge that no network uses any more away when the last instance has left it', async () => {
    await host.plug('vm1', MAC);
    worker.plan = host.plan([]);
    await worker.watch.converge(worker.plan);
    const bridges = () => host.run('ip', '-o', 'link', 'show', 'type', 'bridge');
    expect(await bridges()).toContain('br100');
    await host.ip('link del tap1');
    await waitFor(async () => !(await bridges()).includes('br100'), { limitMs: 5000, what: 'br100 goes' });
    await worker.executionsWithin(500);
    expect(worker.mends.map(({ faults }) => faults)).toEqual([['no instance is left on br100']]);
  });

  test('notices what happened while nothing listened', async () => {
    const listeners = async () => {
      const { stdout } = await tryCommand(['ip', 'netns', 'pids', host.network.netns('host')]);
      const pids = stdout.split('\n').filter(Boolean).map(Number);
      const words = await Promise.all(
        pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')),
      );
      return pids.filter((_, index) => words[index]?.includes('monitor'));
    };
    const monitors = await listeners();
    expect(monitors).toHaveLength(2);
    for (const pid of monitors) process.kill(pid, 'SIGKILL');
    const mended = await Promise.all([
      host.ip('addr del 10.0.0.1/24 dev br100'),
      host.run('iptables', '-t', 'nat', '-F'),
      waitFor(
        async () => {
          const stages = new Set(
            worker.mends.flatMap(({ report }) => report.changes.map(({ stage }) => stage)),
          );
          return stages.has('links') && stages.has('firewall');
        },
        { limitMs: 15_000, what: 'both are mended' },
      ),
    ]);
    expect(mended[2]).toBe(true);
    expect(await host.addresses('br100')).toEqual(['10.0.0.1/24']);
    await worker.watch.stop();
    await waitFor(async () => (await listeners()).length === 0, {
      limitMs: 3000,
      what: 'nobody listens any more',
    });
  });
});
