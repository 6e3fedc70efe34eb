import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import type { Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { loadSettings } from '@novanet/config';
import { describeError } from '@novanet/contracts';
import {
  NetworkHostUnavailable,
  NoFloatingIpInterface,
  parseFloatingRange,
  type Nic,
  type PoolGrowth,
} from '@novanet/ipam';
import { OsloBroker, OsloClient, OsloServer, RemoteError } from '@novanet/messaging';
import { Ipv4, parseDeviceName, parseHostName, type HostName } from '@novanet/net-address';
import {
  AllocateFloatingIp,
  AssociateFloatingIp,
  CarryFloatingIpHere,
  CreateNetworks,
  DisassociateFloatingIp,
  DropFloatingIpHere,
  managerTraits,
  MoveFloatingIps,
  NetworkHosts,
  ReleaseFloatingIp,
  HostChoice,
  ServingHosts,
  type Caller,
  type CarriedFloatingIp,
} from '@novanet/network-managers';
import { createLogger, nestOptions } from '@novanet/observability';
import { createIpam, openDatabase } from '@novanet/persistence';
import { createScratchDatabase, uniqueExchange } from '@novanet/testbed';
import { describe, expect, inject, it, onTestFinished } from 'vitest';
import { floatingIpControllers, floatingIpFlows } from './floating-ip-flows.js';
import { RpcModule } from './rpc.module.js';

const log = createLogger('test', 'fatal');
const captures = new URL('../../../../libs/messaging/fixtures/captures/', import.meta.url);
const traits = managerTraits({ networkManager: 'FlatDHCPManager', cntVpnClients: 0, ipv6Backend: 'rfc2462' });
const host = (name: string) => parseHostName(name);
const newId = () => randomUUID().replaceAll('-', '');

const alice: Caller = { userId: 'alice', projectId: 'p1', isAdmin: false };
const bob: Caller = { userId: 'bob', projectId: 'p2', isAdmin: false };
const admin: Caller = { userId: 'root', projectId: 'ops', isAdmin: true };

/** Hosts that do what they are told unless the test says otherwise, and write down what that was. */
class ToldHosts extends NetworkHosts {
  readonly told: string[] = [];
  readonly down = new Set<string>();
  readonly failing = new Map<string, Error>();

  constructor(override readonly self: HostName) {
    super();
  }
  override async requireUp(name: HostName): Promise<void> {
    if (this.down.has(name)) throw new NetworkHostUnavailable(name, 'down');
  }
  override async refreshSelf(): Promise<void> {
    this.told.push(`${this.self} compares itself with the database`);
  }
  override async setUp(): Promise<void> {}
  override async tearDown(): Promise<void> {}
  override carryFloatingIp(name: HostName, { address, fixedAddress }: CarriedFloatingIp): Promise<void> {
    return this.tell(name, `${name} carries ${address.toString()} for ${fixedAddress.toString()}`);
  }
  override dropFloatingIp(name: HostName, { address }: CarriedFloatingIp): Promise<void> {
    return this.tell(name, `${name} drops ${address.toString()}`);
  }
  private async tell(name: HostName, what: string): Promise<void> {
    await this.requireUp(name);
    this.told.push(what);
    const failure = this.failing.get(name);
    if (failure) throw failure;
  }
}

/** One worker, with nothing of it real but the database. */
function workerOn(ipam: ReturnType<typeof createIpam>, self: string, options: Record<string, string> = {}) {
  const hosts = new ToldHosts(host(self));
  const settings = loadSettings({ argv: [], env: { NOVANET_MY_IP: '192.0.2.11', ...options } });
  const serving = new ServingHosts(
    ipam.networks,
    hosts,
    new HostChoice(ipam.services, hosts, 60),
    traits,
    Ipv4.parse('192.0.2.11'),
  );
  const events: string[] = [];
  const forgotten: string[] = [];
  const notifications = {
    emit: async (type: string, payload: object) => {
      events.push(`${type.replace('network.floating_ip.', '')} ${Object.values(payload).join(' ')}`);
    },
  };
  const names = {
    forget: async (address: Ipv4) => {
      forgotten.push(address.toString());
    },
  };
  const securityGroups = { floatingIpsChanged: async () => undefined };
  const flows = floatingIpFlows({
    ipam,
    hosts,
    serving,
    notifications,
    names,
    settings,
    securityGroups,
    log,
  });
  const flow = <T>(type: Type<T>): T =>
    (flows.providers as { provide: unknown; useValue: T }[]).find(({ provide }) => provide === type)!
      .useValue;
  return { hosts, events, forgotten, flow, ...flows };
}

type World = Awaited<ReturnType<typeof startWorld>>;

const pool = { pool: 'nova', addresses: parseFloatingRange('203.0.113.1-203.0.113.9'), interface: null };

/** A database with the pool "nova", and a worker on h1. */
async function startWorld(options: Record<string, string> = {}, growth: PoolGrowth = pool) {
  const scratch = await createScratchDatabase(inject('databaseUrl'));
  onTestFinished(() => scratch.drop());
  const database = await openDatabase({ url: scratch.url, poolSize: 8, log });
  onTestFinished(() => database.close());
  const ipam = createIpam(database);
  await ipam.floatingIpPools.grow(growth);
  const tables = ['floating_ips', 'fixed_ips', 'networks', 'instances', 'processed_requests', 'quotas'];
  const dump = async () => {
    const rows = tables.map((table) =>
      database.run((manager) => manager.query(`SELECT * FROM ${table} ORDER BY 1`)),
    );
    return Promise.all(rows);
  };
  return { ipam, dump, ...workerOn(ipam, 'h1', options) };
}

async function createNetwork({ ipam }: Pick<World, 'ipam'>, isMultiHost: boolean, cidr = '10.0.0.0/24') {
  const defaults = loadSettings({ argv: [], env: { NOVANET_MY_IP: '192.0.2.11' } });
  const flow = new CreateNetworks(ipam.networks, defaults, traits, randomUUID);
  const args = { label: 'private', cidr, bridge: 'br100', multi_host: isMultiHost };
  const [network] = await flow.run(args, newId());
  return network!;
}

interface Booted {
  readonly uuid: string;
  /** Its first address. */
  readonly fixed: string;
  readonly nics: readonly Nic[];
}

async function boot(
  { ipam }: Pick<World, 'ipam'>,
  networks: Awaited<ReturnType<typeof createNetwork>>[],
  on: string | null,
  projectId = 'p1',
): Promise<Booted> {
  const instance = { uuid: randomUUID(), projectId, host: on === null ? null : host(on) };
  await ipam.fixedIps.allocate({ instance, nics: networks.map((network) => ({ network })) });
  const nics = await ipam.fixedIps.nicsOf(instance.uuid);
  return { uuid: instance.uuid, fixed: nics[0]!.fixedIps[0]!.address.toString(), nics };
}

const allocate = async ({ flow }: World, caller: Caller = alice) =>
  (await flow(AllocateFloatingIp).run({}, caller, newId())).address.toString();
const associate = (
  { flow }: Pick<World, 'flow'>,
  floating: string,
  fixed: string,
  caller = alice,
  id = newId(),
) => flow(AssociateFloatingIp).run({ floating_address: floating, fixed_address: fixed }, caller, id);
const disassociate = ({ flow }: World, address: string, caller = alice, id = newId()) =>
  flow(DisassociateFloatingIp).run({ address }, caller, id);
const release = ({ flow }: World, address: string, caller = alice, id = newId()) =>
  flow(ReleaseFloatingIp).run({ address }, caller, id);
const stateOf = async ({ ipam }: Pick<World, 'ipam'>, address: string) => {
  const { host: carrier, association, projectId } = await ipam.floatingIps.get(Ipv4.parse(address));
  return `${projectId} ${association ? association.fixedAddress.toString() : '-'} on ${carrier}`;
};

/** A multi-host network with an instance on h1 and one on h2, and a floating IP of Alice. */
async function twoHosts(options: Record<string, string> = {}) {
  const world = await startWorld(options);
  const network = await createNetwork(world, true);
  const [a, b] = [await boot(world, [network], 'h1'), await boot(world, [network], 'h2')];
  const floating = await allocate(world);
  world.events.length = 0;
  return { ...world, network, a, b, floating };
}

describe('associating', () => {
  it('makes the host of the instance carry the address, and tells others', async () => {
    const world = await twoHosts();
    const { a, b, floating, hosts, events } = world;
    expect(await associate(world, floating, a.fixed)).toBeNull();
    expect(hosts.told).toEqual([`h1 carries ${floating} for ${a.fixed}`]);
    expect(events).toEqual([`associate p1 ${a.uuid} ${floating}`]);
    const other = await allocate(world);
    await associate(world, other, b.fixed);
    expect(hosts.told.at(-1)).toBe(`h2 carries ${other} for ${b.fixed}`);
  });

  it('from another instance sets the new side up before the old one gives the address up', async () => {
    const world = await twoHosts();
    const { a, b, floating, hosts, events } = world;
    await associate(world, floating, a.fixed);
    hosts.told.length = 0;
    events.length = 0;
    expect(await associate(world, floating, b.fixed)).toBe(a.uuid);
    expect(hosts.told).toEqual([`h2 carries ${floating} for ${b.fixed}`, `h1 drops ${floating}`]);
    expect(events).toEqual([`disassociate p1 ${a.uuid} ${floating}`, `associate p1 ${b.uuid} ${floating}`]);
    expect(await stateOf(world, floating)).toBe(`p1 ${b.fixed} on h2`);
  });

  it('with the same fixed IP again repairs what the host lost', async () => {
    const world = await twoHosts();
    const { a, floating, hosts, events } = world;
    await associate(world, floating, a.fixed);
    expect(await associate(world, floating, a.fixed)).toBeNull();
    expect(hosts.told).toEqual(Array(2).fill(`h1 carries ${floating} for ${a.fixed}`));
    expect(events).toHaveLength(1);
  });

  it.each([
    { from: 'nothing' },
    { from: 'an instance of another host' },
    { from: 'an instance of this host' },
  ])('leaves database and hosts as they were when the new side fails: from $from', async ({ from }) => {
    const world = await twoHosts();
    const { a, b, floating, hosts, events, network } = world;
    const old =
      from === 'nothing' ? undefined : from.includes('another') ? b : await boot(world, [network], 'h1');
    if (old) await associate(world, floating, old.fixed);
    const before = await world.dump();
    hosts.told.length = 0;
    events.length = 0;
    hosts.failing.set('h1', new NoFloatingIpInterface('eth9'));
    await expect(associate(world, floating, a.fixed)).rejects.toEqual(new NoFloatingIpInterface('eth9'));
    expect(await world.dump()).toEqual(before);
    expect(events).toEqual([]);
    expect(hosts.told).toEqual([
      `h1 carries ${floating} for ${a.fixed}`,
      from.includes('this') ? `h1 carries ${floating} for ${old?.fixed}` : `h1 drops ${floating}`,
    ]);
  });

  it('is refused at once when the host is down, and nothing has changed', async () => {
    const world = await twoHosts();
    const { a, b, floating, hosts } = world;
    await associate(world, floating, a.fixed);
    const before = await world.dump();
    hosts.down.add('h2');
    const startedAt = performance.now();
    await expect(associate(world, floating, b.fixed)).rejects.toBeInstanceOf(NetworkHostUnavailable);
    expect(performance.now() - startedAt).toBeLessThan(1000);
    expect(await world.dump()).toEqual(before);
  });

  it('takes the address away from a host that is down: it gives it up when it is back', async () => {
    const world = await twoHosts();
    const { a, b, floating, hosts } = world;
    await associate(world, floating, b.fixed);
    hosts.down.add('h2');
    expect(await associate(world, floating, a.fixed)).toBe(b.uuid);
    expect(await stateOf(world, floating)).toBe(`p1 ${a.fixed} on h1`);
  });

  it('goes to the host of a single-host network, chosen on first use', async () => {
    const world = await startWorld();
    const network = await createNetwork(world, false);
    const [a, floating] = [await boot(world, [network], 'h2'), await allocate(world)];
    await associate(world, floating, a.fixed);
    expect(await stateOf(world, floating)).toBe(`p1 ${a.fixed} on h1`);
    expect((await world.ipam.networks.findById(network.id))?.host).toBe('h1');
  });

  it('is refused when nobody knows where the instance is', async () => {
    const world = await startWorld();
    const network = await createNetwork(world, true);
    const [a, floating] = [await boot(world, [network], null), await allocate(world)];
    await expect(associate(world, floating, a.fixed)).rejects.toThrow('names no host');
    expect(world.hosts.told).toEqual([]);
  });

  it('does not undo what another request has done meanwhile', async () => {
    const world = await twoHosts();
    const { a, b, ipam, floating, hosts } = world;
    const other = workerOn(ipam, 'h2');
    hosts.failing.set('h1', new Error('failed'));
    const carry = hosts.carryFloatingIp.bind(hosts);
    hosts.carryFloatingIp = async (...told) => {
      await associate(other, floating, b.fixed);
      return carry(...told);
    };
    await expect(associate(world, floating, a.fixed)).rejects.toThrow('failed');
    expect(await stateOf(world, floating)).toBe(`p1 ${b.fixed} on h2`);
  });

  it('is completed by another worker when the first one died behind its commit', async () => {
    const world = await twoHosts();
    const { a, b, ipam, floating, hosts } = world;
    await associate(world, floating, a.fixed);
    const dying = Promise.withResolvers<void>();
    const died = Promise.withResolvers<never>();
    hosts.carryFloatingIp = () => {
      dying.resolve();
      return died.promise;
    };
    const id = newId();
    void associate(world, floating, b.fixed, alice, id);
    await dying.promise;
    const survivor = workerOn(ipam, 'h2');
    expect(await associate(survivor, floating, b.fixed, alice, id)).toBe(a.uuid);
    expect(survivor.hosts.told).toEqual([`h2 carries ${floating} for ${b.fixed}`, `h1 drops ${floating}`]);
    expect(survivor.events).toHaveLength(2);
  });

  it('that another worker takes over and cannot complete leaves everything as it was at first', async () => {
    const world = await twoHosts();
    const { a, b, ipam, floating, hosts } = world;
    await associate(world, floating, a.fixed);
    const before = await world.dump();
    const dying = Promise.withResolvers<void>();
    hosts.carryFloatingIp = () => {
      dying.resolve();
      return new Promise(() => {});
    };
    const id = newId();
    void associate(world, floating, b.fixed, alice, id);
    await dying.promise;
    const survivor = workerOn(ipam, 'h3');
    survivor.hosts.failing.set('h2', new Error('no kernel'));
    await expect(associate(survivor, floating, b.fixed, alice, id)).rejects.toThrow('no kernel');
    expect(await world.dump()).toEqual(before);
  });
});

describe('disassociating', () => {
  it('is over when the database says so, in less than a second with the host down', async () => {
    const world = await twoHosts();
    const { b, floating, hosts, events } = world;
    await associate(world, floating, b.fixed);
    hosts.down.add('h2');
    events.length = 0;
    const startedAt = performance.now();
    const id = newId();
    await disassociate(world, floating, alice, id);
    expect(performance.now() - startedAt).toBeLessThan(1000);
    expect(await stateOf(world, floating)).toBe('p1 - on null');
    expect(await world.ipam.floatingIps.servedBy(host('h2'))).toEqual([]);
    expect(events).toEqual([`disassociate p1 ${b.uuid} ${floating}`]);
    hosts.down.clear();
    await disassociate(world, floating, alice, id);
    expect(hosts.told.at(-1)).toBe(`h2 drops ${floating}`);
    await expect(disassociate(world, floating)).rejects.toThrow('is not associated');
  });
});

describe('releasing', () => {
  it('forgets the names, and is refused while the address is associated', async () => {
    const world = await twoHosts();
    const { a, floating, events, forgotten } = world;
    await associate(world, floating, a.fixed);
    await expect(release(world, floating)).rejects.toThrow('is associated');
    expect(forgotten).toEqual([]);
    await disassociate(world, floating);
    events.length = 0;
    const id = newId();
    await release(world, floating, alice, id);
    expect({ events, forgotten }).toEqual({ events: [`deallocate p1 ${floating}`], forgotten: [floating] });
    expect(await stateOf(world, floating)).toBe('null - on null');
    // delivered again: nobody is told that it is forbidden
    await release(world, floating, alice, id);
    await release(world, floating, admin);
    expect(forgotten).toEqual([floating, floating]);
  });
});

describe('ownership', () => {
  it('is asked of everybody but administrators, and nothing changes', async () => {
    const world = await twoHosts();
    const { a, floating, network, hosts } = world;
    const theirs = await boot(world, [network], 'h1', 'p2');
    const free = '203.0.113.9';
    const before = await world.dump();
    const carry = (caller: Caller, floatingAddress: string, fixed: string) =>
      world
        .flow(CarryFloatingIpHere)
        .run({ floating_address: floatingAddress, fixed_address: fixed }, caller, newId());
    const drop = world.flow(DropFloatingIpHere);
    const allocation = world.flow(AllocateFloatingIp);
    const refused: [string, () => Promise<unknown>][] = [
      ['associate for another', () => associate(world, floating, a.fixed, bob)],
      ['associate with another', () => associate(world, floating, theirs.fixed)],
      ['associate a free one', () => associate(world, free, a.fixed)],
      ['associate here for another', () => carry(bob, floating, a.fixed)],
      ['associate here with another', () => carry(alice, floating, theirs.fixed)],
      ['disassociate', () => disassociate(world, floating, bob)],
      ['release', () => release(world, floating, bob)],
      ['release a free one', () => release(world, free)],
      ['drop', () => drop.run({ address: floating }, bob, newId())],
      ['allocate for another', () => allocation.run({ project_id: 'p1' }, bob, newId())],
    ];
    for (const [what, attempt] of refused) {
      const outcome = await attempt().then(() => 'done', String);
      expect({ what, outcome }).toEqual({ what, outcome: 'Forbidden: Not authorized.' });
    }
    await expect(associate(world, free, a.fixed, admin)).rejects.toThrow('Nobody holds it');
    expect(await world.dump()).toEqual(before);
    expect(hosts.told).toEqual([]);
    await associate(world, floating, theirs.fixed, admin);
    expect(await stateOf(world, floating)).toBe(`p1 ${theirs.fixed} on h1`);
    expect(world.events).toEqual([`associate p1 ${theirs.uuid} ${floating}`]);
  });
});

describe('_associate_floating_ip and _disassociate_floating_ip', () => {
  const carry = ({ flow }: World, floating: string, fixed: string, more: object = {}) =>
    flow(CarryFloatingIpHere).run(
      { floating_address: floating, fixed_address: fixed, ...more },
      alice,
      newId(),
    );
  const drop = ({ flow }: World, address: string, more: object = {}) =>
    flow(DropFloatingIpHere).run({ address, ...more }, alice, newId());

  it('write the database for nova-api, which has not', async () => {
    const world = await twoHosts();
    const { a, b, floating, hosts, events } = world;
    await carry(world, floating, b.fixed, { instance_uuid: b.uuid });
    expect(await stateOf(world, floating)).toBe(`p1 ${b.fixed} on h1`);
    await expect(carry(world, floating, a.fixed)).rejects.toThrow(`stands for instance ${b.uuid}`);
    await expect(drop(world, floating, { instance_uuid: a.uuid })).rejects.toThrow('is not associated');
    await drop(world, floating, { instance_uuid: b.uuid.toUpperCase() });
    expect(await stateOf(world, floating)).toBe('p1 - on null');
    expect(hosts.told).toEqual([`h1 carries ${floating} for ${b.fixed}`, `h1 drops ${floating}`]);
    expect(events).toEqual([`associate p1 ${b.uuid} ${floating}`, `disassociate p1 ${b.uuid} ${floating}`]);
    await expect(drop(world, floating)).rejects.toThrow('is not associated');
    await expect(drop(world, '203.0.113.77')).rejects.toThrow('not found for address');
    await expect(carry(world, floating, '10.9.9.9')).rejects.toThrow('Fixed IP not found');
  });

  it('leave everything as it was when the host cannot', async () => {
    const world = await twoHosts();
    const { a, floating, hosts } = world;
    const before = await world.dump();
    hosts.failing.set('h1', new NoFloatingIpInterface('eth9'));
    await expect(carry(world, floating, a.fixed)).rejects.toEqual(new NoFloatingIpInterface('eth9'));
    expect(await world.dump()).toEqual(before);
  });

  it("are the host's part alone between workers", async () => {
    const world = await twoHosts();
    const { a, floating, hosts, events } = world;
    await associate(world, floating, a.fixed);
    const before = await world.dump();
    hosts.told.length = 0;
    events.length = 0;
    await carry(world, floating, a.fixed, { recorded: true });
    await drop(world, floating, { recorded: true, instance_uuid: a.uuid });
    expect(hosts.told).toEqual([
      `h1 carries ${floating} for ${a.fixed}`,
      'h1 compares itself with the database',
    ]);
    expect(events).toEqual([]);
    expect(await world.dump()).toEqual(before);
    await disassociate(world, floating);
    hosts.told.length = 0;
    // somebody was faster: his part now
    await carry(world, floating, a.fixed, { recorded: true });
    expect(hosts.told).toEqual([]);
  });
});

describe('a migration', () => {
  const start = ({ flow }: World, uuid: string, args: object) =>
    flow(MoveFloatingIps).start({ instance_uuid: uuid, ...args });
  const finish = ({ flow }: World, uuid: string, args: object) =>
    flow(MoveFloatingIps).finish({ instance_uuid: uuid, ...args });

  /** An instance on h1 with a floating IP for its address in a multi-host network, another in one of a single host. */
  async function mixed() {
    const world = await startWorld();
    const networks = [await createNetwork(world, false), await createNetwork(world, true, '10.0.1.0/24')];
    const { uuid, nics } = await boot(world, networks, 'h1');
    const [single, multi] = nics.map((nic) => nic.fixedIps[0]!.address.toString());
    const [fixedOne, followingOne] = [await allocate(world), await allocate(world)];
    await world.ipam.networks.claimHost(networks[0]!.id, host('h5'), null);
    await associate(world, fixedOne, single!);
    await associate(world, followingOne, multi!);
    world.hosts.told.length = 0;
    world.events.length = 0;
    return { ...world, uuid, multi, single, fixedOne, followingOne };
  }

  it('moves what follows the instance: the new side carries before the old one gives up', async () => {
    const world = await mixed();
    const { uuid, multi, single, fixedOne, followingOne, hosts } = world;
    const args = { source: 'h1', dest: 'h2', floating_addresses: null };
    await start(world, uuid, args);
    expect(hosts.told).toEqual([]);
    await finish(world, uuid, args);
    expect(hosts.told.filter((line) => line.includes(followingOne))).toEqual([
      `h2 carries ${followingOne} for ${multi}`,
      `h1 drops ${followingOne}`,
    ]);
    expect(await stateOf(world, followingOne)).toBe(`p1 ${multi} on h2`);
    expect(await stateOf(world, fixedOne)).toBe(`p1 ${single} on h5`);
    expect(world.events).toEqual([]);
  });

  it('that is delivered again asks both sides again', async () => {
    const world = await mixed();
    const { uuid, multi, followingOne, hosts } = world;
    const args = { source: 'h1', dest: 'h2' };
    await finish(world, uuid, args);
    const state = await world.dump();
    hosts.told.length = 0;
    await finish(world, uuid, args);
    expect(hosts.told.filter((line) => line.includes(followingOne))).toEqual([
      `h2 carries ${followingOne} for ${multi}`,
      `h1 drops ${followingOne}`,
    ]);
    expect(await world.dump()).toEqual(state);
  });

  it('that is reverted brings the address back, although source and destination are the same then', async () => {
    const world = await mixed();
    const { uuid, multi, followingOne } = world;
    await finish(world, uuid, { source: 'h1', dest: 'h2' });
    await start(world, uuid, { source: 'h1', dest: 'h2' });
    await finish(world, uuid, { source: 'h1', dest: 'h1' });
    expect(await stateOf(world, followingOne)).toBe(`p1 ${multi} on h1`);
  });

  it('without destination leaves the address with nobody, until the instance is somewhere again', async () => {
    const world = await mixed();
    const { uuid, multi, single, fixedOne, followingOne, hosts } = world;
    await start(world, uuid, { source: 'h4', dest: null });
    expect(await stateOf(world, followingOne)).toBe(`p1 ${multi} on h1`);
    await start(world, uuid, { source: 'h1', dest: null });
    expect(await stateOf(world, followingOne)).toBe(`p1 ${multi} on null`);
    expect(await stateOf(world, fixedOne)).toBe(`p1 ${single} on h5`);
    expect(hosts.told).toEqual([`h1 drops ${followingOne}`]);
    await finish(world, uuid, { source: 'h1', dest: 'h1' });
    expect(await stateOf(world, followingOne)).toBe(`p1 ${multi} on h1`);
  });

  it('from a host that is down is no failure', async () => {
    const world = await mixed();
    const { uuid, multi, followingOne, hosts } = world;
    hosts.down.add('h1');
    await finish(world, uuid, { source: null, dest: 'h3' });
    expect(await stateOf(world, followingOne)).toBe(`p1 ${multi} on h3`);
  });

  it('to a host that cannot leaves the address where it was', async () => {
    const world = await mixed();
    const { uuid, multi, followingOne, hosts } = world;
    const before = await world.dump();
    hosts.failing.set('h2', new NoFloatingIpInterface('eth9'));
    await expect(finish(world, uuid, { source: 'h1', dest: 'h2' })).rejects.toThrow('eth9');
    hosts.down.add('h3');
    await expect(finish(world, uuid, { source: 'h1', dest: 'h3' })).rejects.toBeInstanceOf(
      NetworkHostUnavailable,
    );
    expect(await world.dump()).toEqual(before);
    expect(hosts.told.filter((line) => line.includes(followingOne))).toEqual([
      `h2 carries ${followingOne} for ${multi}`,
      `h2 drops ${followingOne}`,
    ]);
  });

  it('says nothing of what is not the instance’s any more', async () => {
    const world = await mixed();
    const { uuid, followingOne, fixedOne, hosts } = world;
    await disassociate(world, followingOne);
    await disassociate(world, fixedOne);
    hosts.told.length = 0;
    const args = { source: 'h1', dest: 'h2', floating_addresses: [followingOne, fixedOne, 'nonsense'] };
    await start(world, uuid, args);
    await finish(world, uuid, args);
    await finish(world, randomUUID(), { dest: null, host: null });
    expect(hosts.told).toEqual([]);
  });
});

describe('an instance', () => {
  it('that is deleted gives its floating IPs up, and back those that came with it', async () => {
    const world = await twoHosts();
    const { a, floating, hosts, events, forgotten } = world;
    await world.assign.assign(a.nics, null);
    const [automatic] = await world.ipam.floatingIps.ofInstance(a.uuid);
    await associate(world, floating, a.fixed);
    hosts.down.add('h1');
    events.length = 0;
    await world.detach.run(a.uuid);
    const came = automatic!.address.toString();
    expect(await stateOf(world, floating)).toBe('p1 - on null');
    expect(await stateOf(world, came)).toBe('null - on null');
    expect(forgotten).toEqual([came]);
    expect(events.toSorted()).toEqual([
      `deallocate p1 ${came}`,
      `disassociate p1 ${a.uuid} ${floating}`,
      `disassociate p1 ${a.uuid} ${came}`,
    ]);
    await world.detach.run(a.uuid);
    expect(events).toHaveLength(3);
  });

  it('gets a floating IP of its own when it starts, once', async () => {
    const world = await twoHosts();
    const { b, hosts, events } = world;
    await world.assign.assign(b.nics, 'p1');
    await world.assign.assign(b.nics, 'p1');
    const [automatic, ...others] = await world.ipam.floatingIps.ofInstance(b.uuid);
    const address = automatic!.address.toString();
    expect(others).toEqual([]);
    expect(automatic).toMatchObject({ isAutoAssigned: true, projectId: 'p1', host: 'h2' });
    expect(hosts.told).toEqual(Array(2).fill(`h2 carries ${address} for ${b.fixed}`));
    expect(events).toEqual([`allocate p1 ${address}`, `associate p1 ${b.uuid} ${address}`]);
    await expect(disassociate(world, address)).rejects.toThrow('Cannot disassociate auto assigned');
    await release(world, address);
    expect(await associate(world, address, world.a.fixed)).toBeNull();
    expect(await stateOf(world, address)).toBe(`p1 ${b.fixed} on h2`);
  });

  it.each([
    { required: 'true', outcome: 'refused' },
    { required: 'false', outcome: 'started' },
  ])('that cannot get one is $outcome, and nothing has changed', async ({ required, outcome }) => {
    const world = await twoHosts({ NOVANET_AUTO_ASSIGN_FLOATING_IP_REQUIRED: required });
    const { b, hosts } = world;
    const before = await world.dump();
    for (const failure of ['down', 'failing']) {
      if (failure === 'down') hosts.down.add('h2');
      else hosts.failing.set('h2', new Error('no kernel'));
      const attempt = await world.assign.assign(b.nics, 'p1').then(
        () => 'started',
        () => 'refused',
      );
      expect(attempt).toBe(outcome);
      expect(await world.dump()).toEqual(before);
      hosts.down.clear();
    }
    expect(hosts.told).toHaveLength(2);
  });
});

describe('a host that is lost', () => {
  it('loses its floating IPs to where their instances are now', async () => {
    const world = await twoHosts();
    const { a, b, ipam, floating, hosts } = world;
    const staying = await allocate(world);
    await associate(world, floating, b.fixed);
    await associate(world, staying, (await boot(world, [world.network], 'h2')).fixed);
    await ipam.fixedIps.allocate({
      instance: { uuid: b.uuid, projectId: null, host: host('h3') },
      nics: [],
    });
    hosts.down.add('h2');
    hosts.told.length = 0;
    expect(await world.rescue.rescue(host('h2'))).toEqual({ moved: [floating], left: [staying] });
    expect(hosts.told).toEqual([`h3 carries ${floating} for ${b.fixed}`]);
    expect(await stateOf(world, floating)).toBe(`p1 ${b.fixed} on h3`);
    expect(await world.rescue.rescue(host('h2'))).toEqual({ moved: [], left: [staying] });
    expect(a.fixed).not.toBe(b.fixed);
  });
});

/** The methods as callers reach them. */
async function startServer(world: World, controllers: Type[] = floatingIpControllers, self = 'h1') {
  const exchange = uniqueExchange();
  const topic = `network-${exchange}`;
  const broker = new OsloBroker({
    transportUrl: inject('amqpUrl'),
    serviceName: 'test',
    controlExchange: exchange,
    log,
  });
  const strategy = new OsloServer({ broker, topic, host: self, describeError });
  const module = { module: RpcModule, controllers, providers: world.providers };
  const service = await NestFactory.createMicroservice(module, { ...nestOptions(log), strategy });
  await service.listen();
  onTestFinished(() => service.close());
  const client = new OsloClient({ broker, timeoutMs: 10_000 });
  onTestFinished(() => client.close());
  const contextOf = ({ userId, projectId, isAdmin }: Caller) => ({
    user_id: userId,
    project_id: projectId,
    is_admin: isAdmin,
  });
  return (caller: Caller, method: string, args: object = {}, namespace?: string) => {
    const target = { topic, version: '1.0', ...(namespace !== undefined && { namespace }) };
    return client.call(target, method, { ...args }, { context: contextOf(caller) });
  };
}

async function outcomeOf(promise: Promise<unknown>): Promise<unknown> {
  try {
    return await promise;
  } catch (error) {
    if (error instanceof RemoteError) return { class: error.className, kwargs: error.kwargs };
    throw error;
  }
}

describe('the captured requests', () => {
  const undated = (value: unknown): unknown =>
    JSON.parse(JSON.stringify(value), (key, inner: unknown) =>
      ['created_at', 'updated_at', 'id'].includes(key) ? typeof inner : inner,
    );

  it('get the captured answers', async () => {
    const addresses = parseFloatingRange('172.24.4.1-172.24.4.6');
    const growth = { pool: 'nova', addresses, interface: parseDeviceName('pub0') };
    const world = await startWorld({}, growth);
    const network = await createNetwork(world, false, '10.20.0.0/28');
    const instance = {
      uuid: '4cb5e3a0-6c3f-5056-8b3a-957cc5e8fa1d',
      projectId: 'bench',
      host: host('h1'),
    };
    await world.ipam.fixedIps.allocate({ instance, nics: [{ network }] });
    const call = await startServer(world);
    const files = readdirSync(captures).filter(
      (name) => /floating|migrate/.test(name) && !name.includes('nw_info'),
    );
    expect(files).toHaveLength(14);
    for (const file of files.toSorted()) {
      const [request, reply] = JSON.parse(readFileSync(new URL(file, captures), 'utf8')).messages.map(
        ({ body }: { body: Record<string, string> }) => JSON.parse(body['oslo.message']!),
      );
      const caller = {
        userId: request._context_user_id,
        projectId: request._context_project_id,
        isAdmin: request._context_is_admin,
      };
      const outcome = await outcomeOf(call(caller, request.method, request.args));
      expect({ file, outcome: undated(outcome) }).toEqual({ file, outcome: undated(capturedOutcome(reply)) });
    }
  });
});

/** Without what differs by the release that the messages were captured from. */
function capturedOutcome({
  result,
  failure,
}: {
  result: Record<string, unknown> | null;
  failure: string | null;
}) {
  if (failure !== null) {
    const { class: className, kwargs } = JSON.parse(failure);
    return { class: className, kwargs };
  }
  const isList = result?.['nova_object.name'] === 'FloatingIPList';
  return isList ? { ...result, 'nova_object.version': '1.11' } : result;
}

describe('the methods', () => {
  it('answer what is asked about floating IPs', async () => {
    const world = await twoHosts();
    const { a, floating } = world;
    await associate(world, floating, a.fixed);
    const call = await startServer(world);
    const { id } = await world.ipam.floatingIps.get(Ipv4.parse(floating));
    const shown = { address: floating, project_id: 'p1', host: 'h1', pool: 'nova', auto_assigned: false };
    expect(await call(alice, 'get_floating_ip', { id })).toMatchObject(shown);
    expect(await outcomeOf(call(bob, 'get_floating_ip', { id }))).toEqual({
      class: 'FloatingIpNotFound',
      kwargs: { id, code: 404 },
    });
    expect(await call(alice, 'get_floating_ip_by_address', { address: floating })).toMatchObject({
      'nova_object.name': 'FloatingIP',
      'nova_object.data': shown,
    });
    expect(await call(bob, 'get_floating_ip_by_address', { address: '203.0.113.9' })).toMatchObject({
      'nova_object.data': { project_id: null },
    });
    expect(await outcomeOf(call(bob, 'get_floating_ip_by_address', { address: floating }))).toEqual({
      class: 'Forbidden',
      kwargs: { code: 403 },
    });
    expect(await outcomeOf(call(bob, 'get_floating_ip_by_address', { address: 'x' }))).toEqual({
      class: 'InvalidIpAddressError',
      kwargs: { address: 'x', code: 400 },
    });
    expect(await call(alice, 'get_floating_ips_by_project')).toMatchObject({
      'nova_object.name': 'FloatingIPList',
      'nova_object.data': { objects: [{ 'nova_object.data': shown }] },
    });
    expect(await call(alice, 'get_floating_ips_by_fixed_address', { fixed_address: a.fixed })).toEqual([
      floating,
    ]);
    expect(await call(bob, 'get_floating_ips_by_fixed_address', { fixed_address: a.fixed })).toEqual([]);
    expect(await call(alice, 'get_instance_id_by_floating_address', { address: floating })).toBe(a.uuid);
    expect(await call(bob, 'get_instance_id_by_floating_address', { address: '203.0.113.9' })).toBeNull();
    expect(await call(bob, 'get_instance_id_by_floating_address', { address: '192.0.2.1' })).toBeNull();
  });

  it('let administrators alone manage pools', async () => {
    const world = await startWorld();
    const call = await startServer(world);
    const ask = (method: string, args: object = {}, caller = admin) => call(caller, method, args, 'novanet');
    await ask('create_floating_pool', { name: 'extra' });
    await ask('grow_floating_pool', { pool: 'extra', range: '198.51.100.170/31', interface: 'eth7' });
    await ask('grow_floating_pool', { range: '203.0.113.10-203.0.113.11' });
    await ask('shrink_floating_pool', { range: '203.0.113.1-203.0.113.10,198.51.100.170' });
    expect(await ask('list_floating_pools')).toEqual([
      { name: 'extra', total: 1, free: 1, allocated: 0, associated: 0 },
      { name: 'nova', total: 1, free: 1, allocated: 0, associated: 0 },
    ]);
    await call(alice, 'allocate_floating_ip', { project_id: 'p1', pool: 'extra', auto_assigned: false });
    const row = { address: '198.51.100.171', interface: 'eth7', fixed_address: null, instance_uuid: null };
    expect(await ask('list_floating_ips', { project_id: 'p1' })).toMatchObject([row]);
    expect(await ask('list_floating_ips', { pool: 'extra' })).toMatchObject([row]);
    expect(await ask('list_floating_ips', { host: 'h1' })).toEqual([]);
    expect(await ask('list_floating_ips')).toHaveLength(2);
    const refusals: [string, object, string][] = [
      ['create_floating_pool', { name: 'extra' }, 'FloatingIpPoolExists'],
      ['create_floating_pool', { name: '' }, 'TypeError'],
      ['delete_floating_pool', { name: 'extra' }, 'FloatingIpPoolInUse'],
      ['delete_floating_pool', { name: 'nosuch' }, 'FloatingIpPoolNotFound'],
      ['grow_floating_pool', { range: '203.0.113.11' }, 'FloatingIpExists'],
      ['grow_floating_pool', { range: '203.0.113.0/33' }, 'InvalidInput'],
      ['grow_floating_pool', { range: '203.0.113.50', interface: 'eth0; reboot' }, 'InvalidInput'],
      ['shrink_floating_pool', { range: '198.51.100.171' }, 'FloatingIpAllocated'],
      ['shrink_floating_pool', { range: '198.51.100.99' }, 'FloatingIpNotFoundForAddress'],
    ];
    for (const [method, args, className] of refusals) {
      const failure = await outcomeOf(ask(method, args));
      expect({ method, args, failure }).toMatchObject({ method, args, failure: { class: className } });
    }
    const all: [string, object][] = [
      ['create_floating_pool', { name: 'mine' }],
      ['delete_floating_pool', { name: 'extra' }],
      ['list_floating_pools', {}],
      ['grow_floating_pool', { range: '203.0.113.99' }],
      ['shrink_floating_pool', { range: '203.0.113.11' }],
      ['list_floating_ips', {}],
    ];
    for (const [method, args] of all) {
      expect(await outcomeOf(ask(method, args, alice))).toMatchObject({ class: 'AdminRequired' });
    }
  });

  it('go by the configured pool, quota and quarantine', async () => {
    const world = await startWorld({
      NOVANET_DEFAULT_FLOATING_POOL: 'extra',
      NOVANET_QUOTA_FLOATING_IPS: '2',
      NOVANET_FLOATING_IP_QUARANTINE: '3600',
    });
    const call = await startServer(world);
    const allocated = () => call(alice, 'allocate_floating_ip', { project_id: null, pool: null });
    expect(await outcomeOf(allocated())).toEqual({ class: 'FloatingIpPoolNotFound', kwargs: { code: 404 } });
    await call(admin, 'grow_floating_pool', { range: '198.51.100.1-198.51.100.3' }, 'novanet');
    expect([await allocated(), await allocated()]).toEqual(['198.51.100.1', '198.51.100.2']);
    expect(await outcomeOf(allocated())).toEqual({ class: 'FloatingIpLimitExceeded', kwargs: { code: 413 } });
    await call(alice, 'deallocate_floating_ip', { address: '198.51.100.1' });
    expect(await allocated()).toBe('198.51.100.3');
    await call(alice, 'deallocate_floating_ip', { address: '198.51.100.2' });
    expect(await outcomeOf(allocated())).toEqual({ class: 'NoMoreFloatingIps', kwargs: { code: 404 } });
  });
});
