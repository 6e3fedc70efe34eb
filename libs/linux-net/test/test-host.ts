import { chmod, mkdtemp, readdir, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type HostIntent,
  type HostPlan,
  type HostSettings,
  type NetworkIntent,
  planHost,
} from '@novanet/host-plan';
import { intentOf, networkOf } from '@novanet/host-plan/testing';
import { TestNetwork, tryCommand, waitFor } from '@novanet/testbed';
import { type Command, type CommandResult, LinuxHost, SpawnCommandRunner } from '../src/index.js';

export type Role = 'host' | 'outside' | 'wire' | 'vm1' | 'vm2';

const READS = [
  'ip -json',
  'perl look',
  'iptables-save',
  'iptables-legacy-save',
  'iptables-nft-save',
  'ip6tables-save',
  'ebtables-save',
  'ipset save',
];

/** What a host may have besides networks. */
export type Carried = Partial<Omit<HostIntent, 'settings' | 'networks'>>;

/** As it was given to the system; of a program in Perl what it was ordered to do. */
function lineOf({ argv, stdin = '' }: Command): string {
  if (argv[0] !== 'perl') return argv.join(' ');
  const orders = stdin.split('\n').map((line) => line.split(' ')[0] ?? '');
  return ['perl', ...new Set(orders.filter(Boolean))].join(' ');
}

/** Runs commands in a namespace and remembers what they were. */
class RecordingRunner extends SpawnCommandRunner {
  readonly lines: string[] = [];

  override run(command: Command): Promise<CommandResult> {
    this.lines.push(lineOf(command));
    return super.run(command);
  }
}

/** Runs commands as a worker does that dies at one of them. */
class DyingRunner extends SpawnCommandRunner {
  constructor(
    netns: string,
    private readonly end: string,
  ) {
    super({ netns });
  }

  /** Nothing is left of it that waits. */
  override prepare(): void {}

  override run(command: Command): Promise<CommandResult> {
    if (command.argv.join(' ').startsWith(this.end)) throw new Error('the worker dies');
    return super.run(command);
  }
}

/**
 * A host in a namespace: eth0 leads outside (192.0.2.10, router 192.0.2.1), eth1 onto a wire on which 10.9.9.1 lives.
 * Virtual machines are namespaces of their own that are plugged into a bridge.
 */
export class TestHost {
  readonly runner: RecordingRunner;
  /** Another one after {@link dieAt}: a new worker knows nothing. */
  linux: LinuxHost;
  /** Directories that go with it. */
  readonly cleanUp: string[];
  private machines = 0;

  private constructor(
    readonly network: TestNetwork<Role>,
    readonly directory: string,
    env: Record<string, string>,
  ) {
    this.runner = new RecordingRunner({ netns: network.netns('host'), env });
    this.linux = new LinuxHost(this.runner);
    this.cleanUp = [directory];
  }

  static async create(env: Record<string, string> = {}): Promise<TestHost> {
    const directory = await mkdtemp(join(tmpdir(), 'novanet-linux-net-'));
    await chmod(directory, 0o755);
    const network = await TestNetwork.create<Role>(['host', 'outside', 'wire', 'vm1', 'vm2']);
    const host = new TestHost(network, directory, env);
    await network.cable(
      { role: 'host', device: 'eth0', address: '192.0.2.10/24', mac: '52:54:00:00:00:10' },
      { role: 'outside', device: 'eth0', address: '192.0.2.1/24' },
    );
    await network.cable(
      { role: 'host', device: 'eth1', mac: '52:54:00:00:00:11' },
      { role: 'wire', device: 'eth1', address: '10.9.9.1/24' },
    );
    return host;
  }

  plan(
    networks: readonly Partial<NetworkIntent>[] = [{}],
    settings: Partial<HostSettings> = {},
    more: Carried = {},
  ): HostPlan {
    const paths = {
      networksPath: join(this.directory, 'networks'),
      spoolPath: join(this.directory, 'spool'),
      dhcpBridge: join(import.meta.dirname, 'lease-script.sh'),
    };
    return planHost(intentOf(networks.map(networkOf), { ...paths, ...settings }, more));
  }

  converge(networks?: readonly Partial<NetworkIntent>[], settings?: Partial<HostSettings>, more?: Carried) {
    return this.linux.converge(this.plan(networks, settings, more));
  }

  /** Lets a worker begin this, and die when it would run a command that begins so. The next one is another worker. */
  async dieAt(command: string, work: () => Promise<unknown>): Promise<void> {
    this.linux = new LinuxHost(new DyingRunner(this.network.netns('host'), command));
    const outcome = await work().then(
      () => 'it lived',
      (error: unknown) => String(error),
    );
    if (!outcome.includes('the worker dies')) throw new Error(`no death at ${command}: ${outcome}`);
    this.linux = new LinuxHost(this.runner);
  }

  /** An environment in which one program does not exist. */
  static async pathWithout(program: string): Promise<Record<string, string>> {
    const bin = await mkdtemp(join(tmpdir(), 'novanet-bin-'));
    const wanted = [
      'ip',
      'cat',
      'tee',
      'iptables-save',
      'iptables-restore',
      'ip6tables-save',
      'ip6tables-restore',
      'dnsmasq',
      'radvd',
      'env',
      'perl',
    ];
    for (const name of wanted.filter((one) => one !== program)) {
      const { stdout } = await tryCommand(['sh', '-c', `command -v ${name}`]);
      await symlink(stdout.trim(), join(bin, name));
    }
    return { PATH: bin };
  }

  /** Commands run since the last call that were more than a look. */
  takeWrites(): string[] {
    return this.runner.lines.splice(0).filter((line) => !READS.some((read) => line.startsWith(read)));
  }

  run(...argv: string[]): Promise<string> {
    return this.network.run('host', argv);
  }

  ip(...lines: string[]): Promise<void> {
    return this.network.ip('host', ...lines);
  }

  /** `iptables-save` of one table, without comments and counters. */
  async rules(table: string, program = 'iptables-save'): Promise<string[]> {
    const lines = (await this.run(program, '-t', table)).split('\n');
    return lines
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line) => line.replace(/\[.*\]$/, '[0:0]'));
  }

  /** A device's global addresses, `10.0.0.1/24`. */
  async addresses(device: string): Promise<string[]> {
    const lines = (await this.run('ip', '-o', 'addr', 'show', 'dev', device, 'scope', 'global')).split('\n');
    return lines.filter(Boolean).map((line) => line.split(/\s+/)[3] ?? '');
  }

  /** All routes over a device, normalised. */
  async routes(device: string): Promise<string[]> {
    const text = await this.run('ip', 'route', 'show', 'table', 'all', 'dev', device);
    const isOwn = (line: string) =>
      line !== '' && !/^(local|broadcast|multicast|anycast|fe80::\/64)/.test(line);
    return text
      .split('\n')
      .filter(isOwn)
      .map((line) =>
        line
          .replace(/ linkdown|expires \d+sec/g, '')
          .replace(/\s+/g, ' ')
          .trim(),
      );
  }

  /** Plugs a machine into a bridge of the host; returns its device there when the bridge forwards its packets. */
  async plug(role: 'vm1' | 'vm2', mac: string, bridge = 'br100'): Promise<string> {
    this.machines += 1;
    const tap = `tap${this.machines}`;
    await this.network.cable({ role: 'host', device: tap, master: bridge }, { role, device: 'eth0', mac });
    await waitFor(async () => (await this.run('bridge', 'link', 'show', 'dev', tap)).includes('forwarding'), {
      limitMs: 3000,
      what: `${bridge} forwards from ${tap}`,
    });
    return tap;
  }

  /** Whether a DHCP client of this machine is answered: the address it is offered and takes, or nothing. */
  async askForAddress(role: 'vm1' | 'vm2', tries = 2): Promise<string | undefined> {
    const argv = [
      'udhcpc',
      '-f',
      '-n',
      '-q',
      '-t',
      String(tries),
      '-T',
      '1',
      '-i',
      'eth0',
      '-s',
      '/bin/true',
    ];
    const { exitCode, stderr, stdout } = await tryCommand(argv, { netns: this.network.netns(role) });
    return exitCode === 0 ? /lease of (\S+) obtained/.exec(stderr + stdout)?.[1] : undefined;
  }

  async radvdPid(bridge = 'br100'): Promise<number> {
    return Number(await readFile(join(this.directory, 'networks', `nova-ra-${bridge}.pid`), 'utf8'));
  }

  async dnsmasqPid(stem = 'nova-br100'): Promise<number> {
    return Number(await readFile(join(this.directory, 'networks', `${stem}.pid`), 'utf8'));
  }

  /** What the lease script was told, in order: `<network id> add <mac> <address> <name>`. */
  async leaseEvents(): Promise<string[]> {
    const spool = join(this.directory, 'spool');
    const names = (await readdir(spool)).filter((name) => !name.startsWith('.')).sort();
    const texts = await Promise.all(names.map((name) => readFile(join(spool, name), 'utf8')));
    return texts.map((text) => text.trim());
  }

  async remove(): Promise<void> {
    await this.network.remove();
    for (const directory of this.cleanUp) await rm(directory, { recursive: true, force: true });
  }
}
