import { expect } from 'vitest';
import { fails, type Story } from '../../testing/both-clients.js';
import type { TestWorker } from '../../testing/test-worker.js';
import { bootDb, bootWeb, createPrivate, createWide } from './setting.js';
import { fixedIpObject, instanceObject, macOf, novaObject, uuidOf } from './shapes.js';

/** The last that the hosts were asked. */
const asked =
  (...wanted: readonly string[]) =>
  ({ hosts }: TestWorker) => {
    expect.soft(hosts.asked.splice(0).toSorted()).toEqual(wanted);
  };

const here = { server: 'h1' };
const setup = { instance_id: 42, host: 'h1', teardown: false, instance: instanceObject(uuidOf.web) };
const noNetwork = fails('NetworkNotFound', { network_id: 99, code: 404 });
const down = fails('NetworkHostUnavailable', { host: 'h9', reason: 'down', code: 503 });

const prepared: Story = {
  about: 'hosts are prepared for networks, and cleaned',
  rows: [
    createPrivate,
    createWide,
    bootWeb,
    bootDb,
    [
      'rpc_setup_network_on_host',
      { network_id: 1 },
      null,
      { ...here, after: asked('set up private on h1', 'set up private on h1', 'set up wide on h1') },
    ],
    ['setup_networks_on_host', setup, null, { version: '1.16', after: asked('set up private on h1') }],
    // The network of one host stays there; the other one goes along.
    // What was begun there is taken back.
    [
      'setup_networks_on_host',
      { instance_id: uuidOf.db, host: 'h9' },
      down,
      { after: asked('tear down on h9') },
    ],
    [
      'setup_networks_on_host',
      { instance_id: uuidOf.web, host: 'h9', teardown: false },
      null,
      { version: '1.0', after: asked('set up private on h1') },
    ],
    [
      'setup_networks_on_host',
      { ...setup, instance: instanceObject(uuidOf.db, { id: 43 }), instance_id: 43, teardown: true },
      null,
      { version: '1.16', after: asked('tear down on h1') },
    ],
    [
      'setup_networks_on_host',
      { instance_id: uuidOf.nobody, host: 'h1' },
      fails('InstanceNotFound', { instance_id: uuidOf.nobody, code: 404 }),
    ],
    [
      'rpc_setup_network_on_host',
      { network_id: 2, teardown: false },
      null,
      { ...here, after: asked('set up wide on h1') },
    ],
    [
      'rpc_setup_network_on_host',
      { network_id: 2, teardown: true },
      null,
      { ...here, after: asked('tear down on h1') },
    ],
    ['rpc_setup_network_on_host', { network_id: 99, teardown: false }, noNetwork, here],
    ['rpc_setup_network_on_host', { teardown: false }, fails('TypeError'), here],
  ],
};

const soon =
  (wanted: readonly string[]) =>
  async ({ hosts }: TestWorker) => {
    await expect.poll(() => hosts.asked.splice(0), { timeout: 5_000 }).toEqual(wanted);
  };
const update = (networkIds: readonly unknown[]) => ({ network_ids: networkIds });
const toAll = { version: '1.3', cast: true, fanout: true };

const named: Story = {
  about: 'all hosts hear of new names; those that serve the network act',
  rows: [
    createPrivate,
    createWide,
    bootWeb,
    bootDb,
    [
      'rpc_setup_network_on_host',
      { network_id: 2 },
      null,
      { ...here, after: asked('set up private on h1', 'set up wide on h1', 'set up wide on h1') },
    ],
    // As numbers, as nova sends them after a deallocation, as uuids.
    ['update_dns', update([2]), null, { ...toAll, after: soon(['refresh']) }],
    ['update_dns', update(['99', '2']), null, { ...toAll, after: soon(['refresh']) }],
    ['update_dns', update([uuidOf.wide]), null, { ...toAll, after: soon(['refresh']) }],
    // A network that is not served here: the call behind it says when it was looked at.
    ['update_dns', update([99]), null, toAll],
    ['update_dns', update([99]), null, { version: '1.3', after: asked() }],
    ['update_dns', update([2]), null, { version: '1.3', after: asked('refresh') }],
    ['update_dns', {}, fails('TypeError'), { version: '1.3' }],
    ['refresh_filters', {}, null, { namespace: 'novanet', fanout: true, after: soon(['refresh']) }],
    ['refresh_names', {}, null, { namespace: 'novanet', fanout: true, after: soon(['refresh']) }],
  ],
};

const web = { address: '10.0.0.9' };
const hasLease =
  (wanted: boolean) =>
  async ({ ipam }: TestWorker) => {
    const lease = async () => (await ipam.fixedIps.nicsOf(uuidOf.web))[0]?.fixedIps[0]?.lease ?? null;
    await expect.poll(async () => (await lease()) !== null, { timeout: 5_000 }).toBe(wanted);
  };
const leaseFile = expect.stringMatching(/^\d+ fa:16:3e:00:00:01 10\.0\.0\.9 \S+ \*\n?$/);
const cast = { cast: true, server: 'h1' };

const leased: Story = {
  about: 'dnsmasq tells of leases, and is told',
  rows: [
    createPrivate,
    bootWeb,
    ['get_dhcp_leases', { network_ref: { id: 1 } }, ''],
    // nova's dhcpbridge casts without a MAC, ours calls with one.
    ['lease_fixed_ip', web, null, { ...cast, after: hasLease(true) }],
    ['get_dhcp_leases', { network_ref: novaObject('Network', '1.2', { id: 1 }) }, leaseFile],
    [
      'get_fixed_ip_by_address',
      web,
      fixedIpObject({ id: 2, ...web, leased: true, updated_at: expect.any(String) }),
    ],
    ['release_fixed_ip', { ...web, mac: 'fa:16:3e:00:00:99' }, null, { version: '1.14' }],
    [
      'get_fixed_ip_by_address',
      web,
      fixedIpObject({ id: 2, ...web, leased: true, updated_at: expect.any(String) }),
    ],
    [
      'release_fixed_ip',
      { ...web, mac: macOf.web },
      null,
      { ...cast, version: '1.14', after: hasLease(false) },
    ],
    [
      'lease_fixed_ip',
      { ...web, mac: macOf.web, expires_at: 1_900_000_000 },
      null,
      { ...here, after: hasLease(true) },
    ],
    ['get_dhcp_leases', { network_ref: { id: 1 } }, expect.stringMatching(/^1900000000 /)],
    ['get_dhcp_leases', { network_ref: { id: 99 } }, noNetwork],
    ['get_dhcp_leases', {}, fails('TypeError')],
    // An address that nobody has is no failure.
    ['lease_fixed_ip', { address: '10.9.0.9' }, null, here],
    ['release_fixed_ip', { address: '10.9.0.9' }, null, here],
    ['lease_fixed_ip', { address: 'bogus' }, fails('FixedIpInvalid', { address: 'bogus', code: 400 }), here],
    [
      'release_fixed_ip',
      { address: 'bogus' },
      fails('FixedIpInvalid', { address: 'bogus', code: 400 }),
      here,
    ],
    [
      'lease_fixed_ip',
      { ...web, mac: 'bogus' },
      fails('InvalidInput', { reason: expect.any(String), code: 400 }),
      here,
    ],
    ['lease_fixed_ip', {}, fails('TypeError'), here],
    ['release_fixed_ip', {}, fails('TypeError'), here],
    [
      'release_dhcp',
      { dev: 'br100', ...web, vif_address: macOf.web },
      null,
      {
        version: '1.17',
        server: 'h1',
        after: ({ ended }) => expect(ended).toEqual([`10.0.0.9 ${macOf.web}`]),
      },
    ],
    [
      'release_dhcp',
      { dev: '-x/../y', ...web, vif_address: macOf.web },
      fails('InvalidInput', { reason: expect.any(String), code: 400 }),
    ],
    ['release_dhcp', { dev: 'br100', ...web }, fails('TypeError')],
  ],
};

export const hostStories: readonly Story[] = [prepared, named, leased];
