import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NetworkInfo } from '@novanet/contracts';
import {
  type BackingServer,
  KernelHost,
  mariadbServer,
  PythonClient,
  rabbitmqServer,
  TestNetwork,
} from '@novanet/testbed';
import { KernelWorker } from './kernel-worker.js';

const switchAddress = '192.168.240.1';

/** A host of the cloud: eth1 on the data wire, mgmt0 where broker and database are. */
export interface CloudHost {
  readonly kernel: KernelHost;
  readonly worker: KernelWorker;
  /** On the switch, the port that its eth1 is plugged into. */
  readonly port: string;
  /** Where its programs can write. */
  readonly folder: string;
}

/**
 * Two hosts, h1 and h2, with kernels of their own and a worker each, and a switch that passes whatever frames there are:
 * broker and database live beside it. Its compute services are Python's.
 */
export class KernelCloud {
  private constructor(
    private readonly network: TestNetwork<'switch'>,
    readonly folder: string,
    private readonly servers: readonly BackingServer[],
    private readonly client: PythonClient,
    private readonly hosts: readonly CloudHost[],
  ) {}

  static async start(options: Readonly<Record<string, string>>): Promise<KernelCloud> {
    const folder = mkdtempSync(join(tmpdir(), 'novanet-kernels-'));
    const network = await TestNetwork.create(['switch']);
    try {
      await network.ip('switch', ...switchLines);
      const place = { netns: network.netns('switch'), address: switchAddress };
      const broker = await rabbitmqServer({ ...place, directory: join(folder, 'broker') });
      const database = await mariadbServer({
        ...place,
        directory: join(folder, 'database'),
        schema: 'novanet',
      });
      const settings = { ...commonOptions, ...options, ...locations(broker, database) };
      const hosts = [1, 2].map((number) => hostOf(number, place.netns, folder, settings));
      // Workers wait for broker and database.
      await Promise.all([broker.start(), database.start(), ...hosts.map(startHost)]);
      const client = PythonClient.start(broker.url, place.netns);
      return new KernelCloud(network, folder, [database, broker], client, hosts);
    } catch (error) {
      await network.remove();
      rmSync(folder, { recursive: true, force: true });
      throw error;
    }
  }

  /** h1 and h2. */
  host(number: 1 | 2): CloudHost {
    const host = this.hosts[number - 1];
    if (!host) throw new Error(`there is no h${number}`);
    return host;
  }

  /** The namespace of the switch. */
  get netns(): string {
    return this.network.netns('switch');
  }

  /** Asks the worker of a host, or any of them, and returns the answer. */
  async call(method: string, args: Readonly<Record<string, unknown>>, host?: CloudHost): Promise<unknown> {
    const server = host ? { server: host.kernel.name } : {};
    const call = { exchange: 'nova', topic: 'network', method, args, timeout: 60, ...server };
    const outcome = await this.client.call(call);
    if (outcome.ok) return outcome.result;
    const logs = this.hosts.map(({ kernel, worker }) => `${kernel.name}:\n${worker.log()}`).join('\n');
    throw new Error(`${method} failed: ${outcome.exception}: ${outcome.message}\n${logs}`);
  }

  async createNetworks(args: Readonly<Record<string, unknown>>): Promise<void> {
    await this.call('create_networks', args);
  }

  /** As the compute service of that host asks. */
  async allocate(host: CloudHost, uuid: string, project: string): Promise<NetworkInfo> {
    const instance = { instance_id: uuid, project_id: project, host: host.kernel.name };
    const args = { ...instance, rxtx_factor: 1, vpn: false, macs: null, requested_networks: null };
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what JSON carried; the tests look at it
    return (await this.call('allocate_for_instance', args, host)) as NetworkInfo;
  }

  async deallocate(host: CloudHost, uuid: string, project: string): Promise<void> {
    const instance = {
      'nova_object.name': 'Instance',
      'nova_object.namespace': 'nova',
      'nova_object.version': '2.1',
      'nova_object.data': { uuid, project_id: project, host: host.kernel.name, deleted: false },
    };
    await this.call('deallocate_for_instance', { instance, requested_networks: null }, host);
  }

  async remove(): Promise<void> {
    for (const { kernel } of this.hosts) await kernel.remove();
    await this.client.close();
    for (const server of this.servers) await server.remove();
    await this.network.remove();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

const switchLines = [
  ...['data', 'mgmt'].flatMap((name) => [
    `link add ${name} type bridge mcast_snooping 0`,
    `link set ${name} up`,
  ]),
  `addr add ${switchAddress}/24 dev mgmt`,
];

const commonOptions = {
  network_manager: 'VlanManager',
  vlan_interface: 'eth1',
  public_interface: 'mgmt0',
  // Nothing but the VLAN stands between the projects here.
  firewall_driver: 'noop',
  dhcpbridge: '/bin/true',
};

function locations(broker: BackingServer, database: BackingServer): Record<string, string> {
  const transport = broker.url.replace(/^amqp:/, 'rabbit:');
  return { transport_url: transport, database_connection: database.url };
}

function hostOf(
  number: number,
  netns: string,
  cloudFolder: string,
  options: Readonly<Record<string, string>>,
): CloudHost {
  const name = `h${number}`;
  const folder = join(cloudFolder, name);
  const managementAddress = `192.168.240.${10 + number}`;
  const management = { mac: `52:54:00:00:02:0${number}`, address: `${managementAddress}/24` };
  const kernel = new KernelHost({
    name,
    folder,
    netns,
    nics: [
      { device: 'eth1', bridge: 'data', mac: `52:54:00:00:01:0${number}` },
      { device: 'mgmt0', bridge: 'mgmt', ...management },
    ],
  });
  const worker = new KernelWorker({ kernel, managementAddress, netns, options });
  return { kernel, worker, port: `${name}-vec0`, folder };
}

async function startHost({ kernel, worker }: CloudHost): Promise<void> {
  await kernel.start();
  await worker.start();
}
