import { once } from 'node:events';
import { mkdtemp } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { loadSettings } from '@novanet/config';
import type { InstanceRegistration, Network, NetworkDraft, Nic, NicRequest } from '@novanet/ipam';
import { networkDraft } from '@novanet/ipam/testing';
import { type IpAddress, Ipv4Cidr, type Mac } from '@novanet/net-address';
import { createLogger } from '@novanet/observability';
import { createIpam, openDatabase, type Ipam } from '@novanet/persistence';
import { mariadbServer, type BackingServer } from '@novanet/testbed';
import { GuestServer } from '../guest-server.js';
import { DatabaseSource } from '../lookup/database-source.js';

/** Every address of 127.0.0.0/8 can be asked from: they stand for instances here. Two of them are in the pool. */
const CIDR = Ipv4Cidr.parse('127.0.5.0/24');

export interface RawAnswer {
  readonly status: number;
  /** Without the lines that change. */
  readonly head: string;
  readonly body: string;
}

/** A metadata service that was started with these options. */
export interface Service {
  readonly url: string;
  readonly source: DatabaseSource;
  /** One request as raw bytes, from an address. */
  ask(from: string, request: string): Promise<RawAnswer>;
  get(path: string, from?: string): Promise<RawAnswer>;
}

/** A database with a network, and metadata services in front of it. */
export class GuestCloud {
  ipam!: Ipam;
  network!: Network;
  /** What neighbours say of themselves. */
  readonly neighbours = new Map<string, Mac>();
  /** What its services write down. */
  readonly logged: string[] = [];
  private readonly log = createLogger('test', 'trace', { write: (line) => void this.logged.push(line) });
  private readonly cleanup: (() => Promise<unknown>)[] = [];

  private constructor(readonly mariadb: BackingServer) {
    this.cleanup.push(() => mariadb.remove());
  }

  /** Its database does not run yet. */
  static async prepare(): Promise<GuestCloud> {
    const directory = await mkdtemp(join(tmpdir(), 'novanet-metadata-'));
    return new GuestCloud(await mariadbServer({ directory, schema: 'novanet' }));
  }

  static async create(): Promise<GuestCloud> {
    const cloud = await GuestCloud.prepare();
    await cloud.start();
    return cloud;
  }

  async start(): Promise<void> {
    await this.mariadb.start();
    const database = await openDatabase({ url: this.mariadb.url, poolSize: 2 });
    this.cleanup.push(() => database.close());
    this.ipam = createIpam(database);
    this.network = await this.createNetwork(CIDR);
  }

  /** A network with two addresses for instances, behind a router, and one more subnet if given. */
  async createNetwork(
    cidr: Ipv4Cidr,
    over: Partial<NetworkDraft> = {},
    ipv6?: NetworkDraft['subnets'][number],
  ): Promise<Network> {
    const ip = (index: number) => cidr.at(index);
    const subnet = {
      version: 4 as const,
      cidr,
      gateway: ip(1),
      dhcpServer: ip(1),
      dhcpStart: ip(2),
      pool: { first: ip(2), last: ip(3) },
      reserved: [],
    };
    const draft = networkDraft(ipv6 ? [subnet, ipv6] : [subnet], over);
    const [created] = await this.ipam.networks.create(() => [draft]);
    if (!created) throw new Error('no network');
    return created;
  }

  /** @param options by their names in the environment, without prefix; the database is opened unless it does not run */
  async serve(options: Readonly<Record<string, string>> = {}, isOpen = true): Promise<Service> {
    const env = Object.fromEntries(
      Object.entries(options).map(([name, value]) => [`NOVANET_${name.toUpperCase()}`, value]),
    );
    const settings = loadSettings({ argv: [], env, warn: () => {} });
    const { log } = this;
    const source = new DatabaseSource(this.mariadb.url, log);
    const neighbour = (address: IpAddress) => this.neighbours.get(address.toString());
    const server = new GuestServer({ settings, source, neighbour, log });
    this.cleanup.push(() => server.close());
    const address = await server.listen(0, '127.0.0.1');
    const port = typeof address === 'object' ? address?.port : undefined;
    if (isOpen) await source.open();
    const ask = (from: string, request: string) => askRaw(port ?? 0, from, request);
    return {
      url: `http://127.0.0.1:${port}`,
      source,
      ask,
      get: (path, from = '127.0.5.2') => ask(from, `GET ${path} HTTP/1.1`),
    };
  }

  /** An instance with an address of the pool, on its one NIC. */
  async boot(
    uuid: string,
    over: Partial<InstanceRegistration> = {},
    nics: readonly NicRequest[] = [{ network: this.network }],
  ): Promise<readonly Nic[]> {
    const { projectId } = await this.ipam.instances.register({ ...registration(uuid), ...over });
    await this.ipam.fixedIps.allocate({ instance: { uuid, projectId, host: null }, nics });
    return this.ipam.fixedIps.nicsOf(uuid);
  }

  async remove(): Promise<void> {
    for (const each of this.cleanup.toReversed()) await each();
  }
}

async function askRaw(port: number, from: string, request: string): Promise<RawAnswer> {
  const socket = connect({ port, host: '127.0.0.1', localAddress: from });
  await once(socket, 'connect');
  const [head = '', ...body] = request.split('\r\n\r\n');
  socket.write(`${head}\r\nHost: 169.254.169.254\r\nConnection: close\r\n\r\n${body.join('\r\n\r\n')}`);
  const [answer = '', content = ''] = (await text(socket.setEncoding('latin1'))).split('\r\n\r\n');
  const stable = answer.split('\r\n').filter((line) => !/^(Date|Connection): /.test(line));
  return { status: Number(answer.split(' ')[1]), head: stable.join('\n'), body: content };
}

function registration(uuid: string): InstanceRegistration {
  return {
    uuid,
    computeId: null,
    projectId: 'p',
    userId: 'u',
    host: null,
    displayName: 'test',
    hostname: 'test',
    availabilityZone: null,
    launchIndex: 0,
    reservationId: 'r-0badf00d',
    instanceType: 'm1.tiny',
    amiId: null,
    kernelId: null,
    ramdiskId: null,
    keyName: 'mykey',
    publicKey: 'ssh-rsa AAAA\n',
    userData: 'aGVsbG8=',
    meta: { role: 'web' },
    securityGroups: ['default'],
  };
}
