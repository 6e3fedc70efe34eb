import { loadSettings } from '@novanet/config';
import type { FloatingIp, ServedNetwork } from '@novanet/ipam';
import { networkWith } from '@novanet/ipam/testing';
import { Ipv4, Ipv4Cidr, Mac, parseHostName } from '@novanet/net-address';
import { managerTraits, type ChangedRows } from '@novanet/network-managers';
import { describe, expect, it } from 'vitest';
import { HostRows } from './host-rows.js';
import { OpenNetworks } from './open-networks.js';
import { nicIn } from './testing/network-rows.js';

const network = networkWith([Ipv4Cidr.parse('10.0.0.0/24')], { isMultiHost: false });
const [F1, F2] = [Ipv4.parse('203.0.113.5'), Ipv4.parse('203.0.113.6')];
const EVERYTHING = ['networks', 'floating IPs', 'names', 'NICs'];

const NAMED = [{ networkId: network.id, address: Ipv4.parse('10.0.0.3'), hostname: 'web' }];

function floatingIp(address: Ipv4, networkId = network.id): FloatingIp {
  return {
    id: Number(address.value),
    address,
    pool: 'nova',
    interface: null,
    projectId: 'p1',
    isAutoAssigned: false,
    host: parseHostName('h1'),
    association: { fixedIpId: 1, fixedAddress: Ipv4.parse('10.0.0.3'), instanceUuid: 'i1', networkId },
    revision: null,
    createdAt: new Date(0),
    updatedAt: null,
  };
}

/** A database that notes what it is asked for. */
function database(options: Readonly<Record<string, string>> = {}) {
  const served: ServedNetwork = {
    network,
    dhcpServer: Ipv4.parse('10.0.0.1'),
    hosts: [],
    leases: [],
    draining: [],
  };
  const state = {
    networks: [served],
    floatingIps: [floatingIp(F1), floatingIp(F2)],
    named: NAMED,
    isAway: false,
  };
  const asked: string[] = [];
  const answer = async <Rows>(what: string, rows: () => Rows): Promise<Rows> => {
    asked.push(what);
    if (state.isAway) throw new Error('no database');
    return rows();
  };
  const ipam = {
    fixedIps: {
      servedBy: () => answer('networks', () => state.networks),
      namedIn: (ids: readonly number[]) => answer(`names in ${ids.join()}`, () => state.named),
      nicsOn: () => answer('NICs', () => [nicIn(network)]),
      claimHostAddress: () => Promise.reject(new Error('not asked for')),
    },
    floatingIps: {
      servedBy: (_host: string, addresses?: readonly Ipv4[]) =>
        answer(`floating IPs${addresses ? ` ${addresses.join(' ')}` : ''}`, () =>
          state.floatingIps.filter(({ address }) => addresses?.some((one) => one.equals(address)) ?? true),
        ),
    },
    dnsRecords: { all: () => answer('names', () => []) },
    securityGroups: { rulesFor: async () => ({ instances: [], members: new Map(), providerRules: [] }) },
  };
  const settings = loadSettings({ argv: [], env: { NOVANET_FLAT_NETWORK_BRIDGE: 'br100', ...options } });
  const openNetworks = new OpenNetworks(settings, { warn: () => {} });
  const rows = new HostRows(ipam, settings, managerTraits(settings), openNetworks);
  const read = async (...changed: ChangedRows[]) => {
    asked.length = 0;
    const { intent } = await rows.read(new Set(changed));
    return { intent, addresses: intent.floatingIps.map(({ address }) => address.toString()).toSorted() };
  };
  return { state, asked, read };
}

describe('what the database says of a host', () => {
  it('is read as a whole at first, and when nobody knows what has changed', async () => {
    const { asked, read } = database();
    await read('names');
    expect(asked.toSorted()).toEqual(EVERYTHING.toSorted());
    await read('names', 'everything');
    expect(asked.toSorted()).toEqual(EVERYTHING.toSorted());
  });

  it.each([
    { changed: [F1] as ChangedRows[], asks: ['floating IPs 203.0.113.5'] },
    { changed: [F1, 'names', F2] as ChangedRows[], asks: ['floating IPs 203.0.113.5 203.0.113.6', 'names'] },
    { changed: ['names'] as ChangedRows[], asks: ['names'] },
    { changed: ['filters'] as ChangedRows[], asks: ['NICs'] },
  ])('is asked for $asks when $changed changed', async ({ changed, asks }) => {
    const { asked, read } = database();
    await read('everything');
    await read(...changed);
    expect(asked).toEqual(asks);
  });

  it('is the same objects where nothing has changed', async () => {
    const { read } = database();
    const { intent: before } = await read('everything');
    const { intent: after } = await read(F1);
    const other = before.floatingIps.find(({ address }) => address.equals(F2));
    expect(after.floatingIps.some((one) => one === other)).toBe(true);
    expect(after.networks).toBe(before.networks);
    expect(after.names).toBe(before.names);
    expect(after.filters).toBe(before.filters);
    expect(after.settings).toBe(before.settings);
  });

  it('is without a floating IP that has left, and with one that has come', async () => {
    const { state, read } = database();
    await read('everything');
    const F3 = Ipv4.parse('203.0.113.7');
    state.floatingIps = [floatingIp(F2), floatingIp(F3)];
    expect((await read(F1)).addresses).toEqual(['203.0.113.6']);
    expect((await read(F3)).addresses).toEqual(['203.0.113.6', '203.0.113.7']);
  });
});

describe('with update_dns_entries', () => {
  const isOn = { NOVANET_UPDATE_DNS_ENTRIES: 'true' };

  it('the names of all instances of a multi-host network are read, but of no other', async () => {
    const { state, asked, read } = database(isOn);
    const alone = await read('everything');
    expect(asked).toContain('names in ');
    expect(alone.intent.networks.map(({ instanceNames }) => instanceNames)).toEqual([undefined]);
    state.networks = state.networks.map((served) => ({
      ...served,
      network: { ...network, isMultiHost: true },
    }));
    const { intent } = await read('everything');
    expect(asked).toContain('names in 1');
    expect(intent.networks.map(({ instanceNames }) => instanceNames)).toEqual([NAMED]);
    expect((await read(F1)).intent.networks).toBe(intent.networks);
  });
});

describe('everything is read again', () => {
  it('when the last reading failed', async () => {
    const { state, asked, read } = database();
    await read('everything');
    state.isAway = true;
    await expect(read(F1)).rejects.toThrow('no database');
    state.isAway = false;
    await read(F2);
    expect(asked.toSorted()).toEqual(EVERYTHING.toSorted());
  });

  it('when a floating IP is in a network that nobody had told of', async () => {
    const { state, asked, read } = database();
    await read('everything');
    state.floatingIps.push(floatingIp(Ipv4.parse('203.0.113.7'), 7));
    await read(Ipv4.parse('203.0.113.7'));
    expect(asked).toEqual(expect.arrayContaining(EVERYTHING));
  });

  it('while leases of former instances are still held: they end without a word', async () => {
    const { state, asked, read } = database();
    const lease = { mac: Mac.ofNova(1), address: Ipv4.parse('10.0.0.3') };
    state.networks = state.networks.map((served) => ({ ...served, draining: [lease] }));
    await read('everything');
    await read(F1);
    expect(asked.toSorted()).toEqual(EVERYTHING.toSorted());
  });
});
