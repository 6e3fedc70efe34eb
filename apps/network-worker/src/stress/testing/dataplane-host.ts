import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadSettings } from '@novanet/config';
import { LinuxHost, SpawnCommandRunner, type ConvergeReport } from '@novanet/linux-net';
import { managerTraits } from '@novanet/network-managers';
import { createIpam, openDatabase } from '@novanet/persistence';
import { processesIn, TestNetwork, waitFor } from '@novanet/testbed';
import { onTestFinished } from 'vitest';
import { OwnHost } from '../../hosts/own-host.js';
import { openDoor } from './namespace-door.js';
import { openCloud, type EmptyCloud, type Servers } from './worker-cloud.js';
import { WorkerProcess } from './worker-process.js';

const HOST = 'w1';
const MY_IP = '192.0.2.11';

/** What the kernel and the DHCP servers have, as far as instances notice. */
export interface Served {
  /** `<floating IP> <fixed IP>`: an address of eth0 with its rules. */
  readonly floatingIps: readonly string[];
  /** `<MAC> <fixed IP>`. */
  readonly hosts: readonly string[];
}

/** A host with a kernel of its own, and a worker that keeps it as the database says. */
export class DataplaneHost {
  private constructor(
    readonly cloud: EmptyCloud,
    readonly worker: WorkerProcess,
    private readonly network: TestNetwork<'host' | 'outside'>,
    private readonly networksPath: string,
    private readonly own: OwnHost,
  ) {}

  /** Its worker is not started. Everything goes when the running test ends. */
  static async create(servers: Servers): Promise<DataplaneHost> {
    const network = await TestNetwork.create(['host', 'outside'] as const);
    onTestFinished(() => network.remove());
    await network.cable(
      { role: 'host', device: 'eth0', address: `${MY_IP}/24` },
      { role: 'outside', device: 'eth0', address: '192.0.2.1/24' },
    );
    const netns = network.netns('host');
    const cloud = await openCloud(servers);
    onTestFinished(await openDoor(netns, [servers.amqpUrl, servers.databaseUrl]));
    const directory = join(servers.directory, cloud.exchange);
    const networksPath = join(directory, 'networks');
    await mkdir(directory, { recursive: true });
    const options = {
      ...cloud.options,
      host: HOST,
      my_ip: MY_IP,
      fake_network: 'false',
      public_interface: 'eth0',
      dhcpbridge: '/bin/true',
      state_path: directory,
      networks_path: networksPath,
      converge_interval: '60',
      quota_floating_ips: '100',
    };
    const worker = await WorkerProcess.describe(HOST, directory, options, netns);
    onTestFinished(() => worker.kill());
    return new DataplaneHost(cloud, worker, network, networksPath, await ownHost(options, netns));
  }

  /** Its host is as the database says, then. */
  async waitUntilReady(): Promise<void> {
    const { client, topic } = this.cloud;
    const target = { topic, server: HOST, version: '1.0', namespace: 'baseapi' };
    const answers = () =>
      client.call(target, 'ping', { arg: '' }).then(
        () => true,
        () => false,
      );
    await waitFor(answers, {
      limitMs: 60_000,
      everyMs: 20,
      what: `the worker answers (${this.worker.isRunning})`,
    });
  }

  /** Asks the worker for one more look, which returns when what was plugged in meanwhile is known. */
  async settle(networkId: number): Promise<void> {
    const target = { topic: this.cloud.topic, server: HOST, version: '1.0' };
    await this.cloud.client.call(target, 'rpc_setup_network_on_host', {
      network_id: networkId,
      teardown: false,
    });
  }

  /** What another worker would change now. */
  check(): Promise<ConvergeReport> {
    return this.own.converge({ cause: 'request', isLook: true, changed: new Set(['everything']) });
  }

  /** A compute service gives an instance its device. */
  async plug(tap: string): Promise<void> {
    await this.network.ip(
      'host',
      `link add ${tap} type veth peer name ${tap} netns ${this.network.netns('outside')}`,
    );
    await this.network.ip('outside', `link set ${tap} up`);
    await this.network.ip('host', `link set ${tap} master br100 up`);
  }

  async unplug(tap: string): Promise<void> {
    await this.network.ip('host', `link del ${tap}`);
  }

  /** The ports of the bridge. */
  async plugged(): Promise<string[]> {
    const text = await this.network.run('host', ['ip', '-o', 'link', 'show', 'master', 'br100']);
    return [...text.matchAll(/^\d+: ([^:@]+)/gm)].map(([, name = '']) => name).toSorted();
  }

  async served(): Promise<Served> {
    const [addresses, rules] = await Promise.all([
      this.network.run('host', ['ip', '-o', '-4', 'addr', 'show', 'dev', 'eth0']),
      this.network.run('host', ['iptables-save', '-t', 'nat']),
    ]);
    const bound = [...addresses.matchAll(/inet (\S+)\/32 /g)].map(([, address = '']) => address);
    const led = new Map(
      [
        ...rules.matchAll(/^-A nova-network-PREROUTING -d (203\S+)\/32 -j DNAT --to-destination (\S+)$/gm),
      ].map(([, address = '', fixed = '']) => [address, fixed]),
    );
    const all = new Set([...bound, ...led.keys()]);
    const places = [...all].map(
      (one) => `${bound.includes(one) ? one : 'unbound'} ${led.get(one) ?? 'nowhere'}`,
    );
    return { floatingIps: places.toSorted(), hosts: (await this.dhcpHosts()).toSorted() };
  }

  /** How many processes are DHCP servers. One of them is two: another would be left of a worker that died. */
  async dhcpProcesses(): Promise<number> {
    const processes = await processesIn(this.network.netns('host'));
    const lines = await Promise.all(
      processes.map(({ pid }) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')),
    );
    return lines.filter((line) => /^(\S*\/)?dnsmasq\0/.test(line)).length;
  }

  private async dhcpHosts(): Promise<string[]> {
    const directory = join(this.networksPath, 'nova-br100.hosts.d');
    const names = (await readdir(directory)).filter((name) => !name.startsWith('.'));
    const lines = await Promise.all(names.map((name) => readFile(join(directory, name), 'utf8')));
    return lines.flatMap((line) => {
      const [, mac, address] = /^(\S+?),[^,]+,([\d.]+)/.exec(line) ?? [];
      return mac === undefined ? [] : [`${mac} ${address}`];
    });
  }
}

/** As a worker computes and applies its plan, in this process. */
async function ownHost(options: Readonly<Record<string, string>>, netns: string): Promise<OwnHost> {
  const env = Object.entries(options).map(([name, value]) => [`NOVANET_${name.toUpperCase()}`, value]);
  const settings = loadSettings({ argv: [], env: Object.fromEntries(env) });
  const database = await openDatabase({ url: settings.databaseConnection, poolSize: 2 });
  onTestFinished(() => database.close());
  const linux = { converge: (plan: Parameters<LinuxHost['converge']>[0]) => freshHost(netns).converge(plan) };
  return new OwnHost(createIpam(database), settings, managerTraits(settings), linux, { warn: () => {} });
}

function freshHost(netns: string): LinuxHost {
  return new LinuxHost(new SpawnCommandRunner({ netns }));
}
