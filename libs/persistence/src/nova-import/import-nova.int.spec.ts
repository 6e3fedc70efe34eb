import { fillNova, novaCloud, NovaTestDatabase } from '@novanet/testbed';
import { beforeEach, describe, expect, inject, it, onTestFinished } from 'vitest';
import { openDatabase } from '../database/open-database.js';
import { parseHostName } from '@novanet/net-address';
import { createIpam } from '../create-ipam.js';
import { createNetwork, someInstance } from '../testing/fixtures.js';
import { scratchIpam, scratchSchema, type ScratchIpam } from '../testing/scratch-ipam.js';
import { importNova, type NovaImportOptions } from './import-nova.js';

let nova: NovaTestDatabase;
let ours: ScratchIpam;
beforeEach(async () => {
  nova = await NovaTestDatabase.create(inject('databaseUrl'));
  onTestFinished(() => nova.drop());
  await fillNova(nova);
  ours = await scratchIpam();
});

function run(over: Partial<NovaImportOptions> = {}) {
  return importNova({ from: nova.url, to: ours.url, ...over });
}

const addressesOf = async (uuid: string) =>
  (await ours.fixedIps.nicsOf(uuid)).flatMap(({ fixedIps }) =>
    fixedIps.map(({ address }) => address.toString()),
  );

describe('an import', () => {
  it('brings everything, and says how much', async () => {
    const { outcome, counts, problems, remarks } = await run();
    expect({ outcome, problems }).toEqual({ outcome: 'imported', problems: [] });
    const told = Object.entries(counts).map(([kind, { read, imported }]) => [kind, read, imported]);
    expect(told).toEqual([
      ['networks', 3, 3],
      ['instances', 4, 4],
      ['virtual_interfaces', 5, 5],
      // six of instances, two of hosts; the gateways, one of them IPv6, and a reserved address are written beside them
      ['fixed_ips', 8, 13],
      ['floating_ip_pools', 1, 1],
      ['floating_ips', 3, 3],
      ['security_groups', 2, 2],
      ['security_group_rules', 3, 3],
      ['security_group_members', 5, 5],
      ['security_group_default_rules', 1, 1],
      ['provider_firewall_rules', 1, 1],
      ['quotas', 2, 2],
      ['dns_domains', 2, 2],
    ]);
    expect(remarks).toEqual([
      "1 limits in quotas are not the network service's and are not imported: cores.",
    ]);
  });

  it('keeps networks as they are, with their numbers', async () => {
    await run();
    const [flat, vlan, many] = await ours.networks.list();
    expect(JSON.parse(JSON.stringify(flat))).toMatchObject({
      id: 4,
      uuid: novaCloud.flat,
      label: 'private',
      host: 'h1',
      bridge: 'br100',
      bridgeInterface: 'eth1',
      dns1: '8.8.4.4',
      enableDhcp: true,
      subnets: [
        {
          cidr: '10.0.0.0/24',
          gateway: '10.0.0.1',
          dhcpServer: '10.0.0.1',
          dhcpStart: '10.0.0.2',
          pool: { first: '10.0.0.2', last: '10.0.0.254' },
        },
        { cidr: 'fd00:0:0:1::/64', gateway: 'fd00:0:0:1::1', pool: null },
      ],
    });
    expect(JSON.parse(JSON.stringify(vlan))).toMatchObject({
      id: 5,
      vlan: 200,
      projectId: 'p1',
      vpnPrivateAddress: '10.1.0.2',
      vpnPublicPort: 1000,
    });
    expect(many).toMatchObject({ id: 6, isMultiHost: true, host: null });
  });

  it('leaves instances their NICs, addresses and names', async () => {
    await run();
    const [nic] = await ours.fixedIps.nicsOf(novaCloud.web);
    expect(nic?.vif).toMatchObject({ uuid: novaCloud.nic(31), networkId: 4 });
    expect(nic?.vif.mac.toString()).toBe('fa:16:3e:00:00:31');
    expect(nic?.fixedIps[0]).toMatchObject({ isAllocated: true, lease: { host: 'h1' } });
    expect(await addressesOf(novaCloud.web)).toEqual(['10.0.0.10']);
    expect(await addressesOf(novaCloud.db)).toEqual(['10.0.0.11', '10.1.0.4']);
    expect(await addressesOf(novaCloud.far)).toEqual(['10.2.0.5']);
    expect(await addressesOf(novaCloud.vpn)).toEqual(['10.1.0.2']);
    expect(await ours.instances.find(novaCloud.web)).toMatchObject({
      computeId: 11,
      projectId: 'p1',
      userId: 'u1',
      host: 'h1',
      hostname: 'web',
      displayName: 'WEB',
      availabilityZone: 'nova',
      instanceType: 'm1.small',
      amiId: 'ami-0000001a',
      keyName: 'mykey',
      publicKey: 'ssh-rsa AAAA',
      meta: { role: 'web' },
      securityGroups: ['default', 'web'],
      isRegistered: false,
    });
    expect(await ours.instances.find(novaCloud.gone)).toBeUndefined();
  });

  it('keeps hosts their addresses in multi-host networks', async () => {
    await run();
    const many = await ours.networks.findByUuid(novaCloud.multiHost);
    if (!many) throw new Error('the network is not there');
    const [h1, h2] = await Promise.all(
      ['h1', 'h2'].map((host) => ours.fixedIps.claimHostAddress(many, parseHostName(host))),
    );
    expect([h1?.toString(), h2?.toString()]).toEqual(['10.2.0.2', '10.2.0.3']);
  });

  it('keeps floating IPs and what they lead to', async () => {
    await run();
    const floating = await ours.floatingIps.list({});
    expect(JSON.parse(JSON.stringify(floating))).toMatchObject([
      {
        id: 41,
        address: '203.0.113.10',
        pool: 'nova',
        projectId: 'p1',
        host: 'h1',
        interface: 'eth0',
        association: { fixedAddress: '10.0.0.10', instanceUuid: novaCloud.web },
      },
      { id: 42, address: '203.0.113.11', projectId: 'p1', association: null },
      { id: 43, address: '203.0.113.12', projectId: null },
    ]);
  });

  it('keeps groups, rules, members, limits and names', async () => {
    await run();
    const groups = await ours.securityGroups.list('p1');
    expect(JSON.parse(JSON.stringify(groups))).toMatchObject([
      {
        id: 5,
        name: 'default',
        rules: [
          { id: 22, protocol: null, source: { group: { id: 5 } } },
          { id: 23, protocol: 'tcp', fromPort: 3306, source: { group: { id: 7 } } },
        ],
      },
      { id: 7, description: 'Web servers', rules: [{ id: 21, fromPort: 80, source: { cidr: '0.0.0.0/0' } }] },
    ]);
    const limits = await Promise.all(['p1', 'p2'].map((project) => ours.quotas.limitsOf(project)));
    expect(limits.map((own) => [...own])).toEqual([[['floating_ips', 20]], [['fixed_ips', -1]]]);
    const dump = await ours.dump();
    expect(dump['security_group_members']).toHaveLength(5);
    expect(dump['provider_firewall_rules']).toMatchObject([{ from_port: 22, cidr: '198.51.100.0/24' }]);
    expect((await ours.dnsDomains.list()).map(({ domain, scope }) => [domain, scope])).toEqual([
      ['cloud.internal', 'private'],
      ['example.org', 'public'],
    ]);
  });
});

describe('after an import', () => {
  it('each address is given once: what is taken, drains or is reserved never is', async () => {
    await run();
    const flat = await ours.networks.findByUuid(novaCloud.flat);
    if (!flat) throw new Error('the network is not there');
    const given: string[] = [];
    // 253 in the pool; two held, one draining, one reserved
    for (let count = 0; count < 249; count += 1) {
      const instance = someInstance();
      await ours.fixedIps.allocate({ instance, nics: [{ network: flat }] });
      given.push(...(await addressesOf(instance.uuid)));
    }
    expect(new Set(given).size).toBe(249);
    for (const taken of ['10.0.0.10', '10.0.0.11', '10.0.0.20', '10.0.0.77'])
      expect(given).not.toContain(taken);
    // the address that was given back last is the last to be given
    expect([given[0], given.at(-1)]).toEqual(['10.0.0.31', '10.0.0.30']);
    const more = ours.fixedIps.allocate({ instance: someInstance(), nics: [{ network: flat }] });
    await expect(more).rejects.toThrow('No fixed IP addresses available');
  }, 60_000);

  it('no failing request takes the NICs that instances brought along', async () => {
    await run();
    await ours.fixedIps.withdraw(novaCloud.db);
    expect(await addressesOf(novaCloud.db)).toEqual(['10.0.0.11', '10.1.0.4']);
  });

  it('an instance that gives its address back is forgotten, and the address is free', async () => {
    await run();
    await ours.fixedIps.deallocate(novaCloud.db);
    const dump = await ours.dump();
    expect(JSON.stringify(dump['fixed_ips'])).not.toContain('10.0.0.11');
    // leased: it drains until dnsmasq says so
    const draining = dump['fixed_ips']?.filter((row) => JSON.stringify(row).includes(novaCloud.db));
    expect(draining).toMatchObject([{ address: '10.1.0.4', allocated: 0, leased: 1, lease_host: 'h1' }]);
  });
});

describe('of a large network', () => {
  it('no more is read than is in use, and what has no row is given to nobody', async () => {
    const rows = Array.from({ length: 65_536 }, (_, number) => ({
      address: `10.64.${number >> 8}.${number & 255}`,
      network_id: 8,
      allocated: 0,
      leased: 0,
      reserved: number < 2 || number === 65_535 ? 1 : 0,
    }));
    await nova.insert('fixed_ips', ...rows);
    await nova.run("DELETE FROM fixed_ips WHERE address IN ('10.64.0.3', '10.64.32.1')");
    const uuid = 'aaaaaaaa-0000-4000-8000-000000000008';
    await nova.insert('networks', {
      id: 8,
      uuid,
      label: 'large',
      cidr: '10.64.0.0/16',
      gateway: '10.64.0.1',
    });
    const read = new Map<string, number>();
    const onProgress: NovaImportOptions['onProgress'] = (step, table, count) =>
      void read.set(`${step} ${table}`, count);
    expect((await run({ onProgress })).problems).toEqual([]);
    expect(read.get('read fixed_ips')).toBe(8);
    const large = await ours.networks.findByUuid(uuid);
    if (!large) throw new Error('the network is not there');
    const missing = (await ours.dump())['fixed_ips']?.filter((row) =>
      JSON.stringify(row).includes('"10.64.'),
    );
    expect(missing).toMatchObject([
      { address: '10.64.0.1', role: 'gateway' },
      { address: '10.64.0.3', role: 'reserved' },
      { address: '10.64.32.1', role: 'reserved' },
    ]);
    const instance = someInstance();
    await ours.fixedIps.allocate({ instance, nics: [{ network: large }] });
    expect(await addressesOf(instance.uuid)).toEqual(['10.64.0.2']);
  });
});

describe('an import that comes again', () => {
  it('changes nothing', async () => {
    await run();
    const before = await ours.dump();
    const { counts, problems } = await run();
    expect(problems).toEqual([]);
    expect(Object.values(counts).reduce((sum, { imported }) => sum + imported, 0)).toBe(0);
    expect(counts.fixed_ips.alreadyThere).toBe(13);
    expect(await ours.dump()).toEqual(before);
  });

  it('brings what is new, and names what differs', async () => {
    await run();
    await nova.run("UPDATE networks SET label = 'renamed' WHERE id = 4");
    await nova.insert('floating_ips', { id: 50, address: '203.0.113.50', pool: 'more', auto_assigned: 0 });
    const { outcome, counts, problems } = await run();
    expect(outcome).toBe('imported');
    expect(problems).toEqual([
      {
        kind: 'networks',
        table: 'networks',
        row: 4,
        reason: 'is here already, with other values: label private (nova: renamed)',
        losesAddress: false,
      },
    ]);
    expect(counts.floating_ips).toEqual({ read: 4, imported: 1, alreadyThere: 3, problems: 0 });
    expect((await ours.networks.findByUuid(novaCloud.flat))?.label).toBe('private');
  });
});

describe('an import into a database that is in use', () => {
  it('goes beside what is there, with other numbers where nova has those of others', async () => {
    await ours.database.run((manager) =>
      manager.query(
        `INSERT INTO networks (id, uuid, label, multi_host, injected, enable_dhcp, share_address)
         VALUES (4, UUID(), 'ours', 0, 0, 1, 0)`,
      ),
    );
    const { problems } = await run();
    expect(problems).toEqual([]);
    const networks = await ours.networks.list();
    expect(networks.map(({ id }) => id).slice(0, 3)).toEqual([4, 5, 6]);
    expect(networks.at(-1)?.uuid).toBe(novaCloud.flat);
    expect(await addressesOf(novaCloud.web)).toEqual(['10.0.0.10']);
  });

  it('is refused while an instance would lose its address, and takes the rest when told to', async () => {
    await createNetwork(ours, '10.0.0.0/16');
    const before = await ours.dump();
    const refused = await run();
    expect(refused.outcome).toBe('refused');
    expect(refused.problems.filter(({ losesAddress }) => losesAddress).map(({ table }) => table)).toEqual([
      'fixed_ips',
      'fixed_ips',
      'floating_ips',
    ]);
    expect(refused.problems[0]?.reason).toMatch(/^10.0.0.0\/24 overlaps 10.0.0.0\/16 of network /);
    expect(await ours.dump()).toEqual(before);
    expect((await run({ skipsProblems: true })).outcome).toBe('imported');
    expect(await addressesOf(novaCloud.db)).toEqual(['10.1.0.4']);
  });
});

describe('a dry run', () => {
  it('writes nothing, and says what an import says', async () => {
    const before = await ours.dump();
    const { outcome, ...dry } = await run({ isDryRun: true });
    expect(outcome).toBe('dry');
    expect(await ours.dump()).toEqual(before);
    expect(await run()).toEqual({ ...dry, outcome: 'imported' });
  });

  it('needs no schema, and makes none', async () => {
    const to = await scratchSchema();
    expect((await run({ to, isDryRun: true })).counts.networks.imported).toBe(3);
    expect((await run({ to })).counts.networks.imported).toBe(3);
    const database = await openDatabase({ url: to, poolSize: 1 });
    onTestFinished(() => database.close());
    expect(await createIpam(database).networks.list()).toHaveLength(3);
  });
});

describe('what is no pair of databases', () => {
  it('is refused: nova as the target, an empty schema as the source, one for both', async () => {
    const other = await NovaTestDatabase.create(inject('databaseUrl'));
    onTestFinished(() => other.drop());
    await expect(run({ to: other.url })).rejects.toThrow("has tables that are not Novanet's");
    await expect(run({ from: await scratchSchema() })).rejects.toThrow('is no nova database');
    await expect(run({ to: nova.url })).rejects.toThrow('are the same');
    await expect(run({ from: 'mysql://root:secret@127.0.0.1:1/nova' })).rejects.toThrow(
      /^nova's database cannot be read: (?!.*secret)/,
    );
  });
});

describe('other versions of nova', () => {
  it('may lack columns and tables, and say "deleted" with a boolean', async () => {
    for (const column of ['mtu', 'dhcp_server', 'enable_dhcp', 'share_address', 'priority']) {
      await nova.run(`ALTER TABLE networks DROP COLUMN ${column}`);
    }
    await nova.run(
      'DROP TABLE security_group_default_rules, project_user_quotas, instance_metadata, s3_images',
    );
    await nova.run('UPDATE fixed_ips SET deleted = 1 WHERE deleted > 0');
    await nova.run('ALTER TABLE fixed_ips MODIFY deleted TINYINT(1)');
    const { outcome, problems } = await run();
    expect({ outcome, problems }).toEqual({ outcome: 'imported', problems: [] });
    const flat = await ours.networks.findByUuid(novaCloud.flat);
    expect(flat?.enableDhcp).toBe(true);
    expect(flat?.subnets[0]?.dhcpServer?.toString()).toBe('10.0.0.1');
  });

  it('may name instances by their numbers', async () => {
    for (const table of ['fixed_ips', 'virtual_interfaces', 'security_group_instance_association']) {
      await nova.run(`ALTER TABLE ${table} ADD COLUMN instance_id INT`);
      await nova.run(
        `UPDATE ${table} t JOIN instances i ON i.uuid = t.instance_uuid SET t.instance_id = i.id`,
      );
    }
    await nova.run(
      'ALTER TABLE fixed_ips DROP FOREIGN KEY fixed_ips_instance_uuid_fkey, DROP COLUMN instance_uuid',
    );
    await nova.run(
      'ALTER TABLE virtual_interfaces DROP FOREIGN KEY virtual_interfaces_instance_uuid_fkey, DROP COLUMN instance_uuid',
    );
    await nova.run(
      `ALTER TABLE security_group_instance_association
         DROP FOREIGN KEY security_group_instance_association_ibfk_2, DROP COLUMN instance_uuid`,
    );
    expect((await run()).problems).toEqual([]);
    expect(await addressesOf(novaCloud.web)).toEqual(['10.0.0.10']);
    expect((await ours.instances.find(novaCloud.web))?.securityGroups).toEqual(['default', 'web']);
  });
});
