import { expect } from 'vitest';
import { fails, userOf, type Story } from '../../testing/both-clients.js';
import { bootArguments, bootDb, createPrivate, createWide, growPool } from './setting.js';
import { floatingIpRow, instanceObject, nic, uuidOf } from './shapes.js';

const [first, second] = ['203.0.113.1', '203.0.113.2'] as const;
const user = { context: userOf('p') };
const other = { context: userOf('other') };
const unknown = (address: string) => fails('FloatingIpNotFoundForAddress', { address, code: 404 });
const malformed = fails('InvalidIpAddressError', { address: 'bogus', code: 400 });
const forbidden = fails('Forbidden', { code: 403 });

const webWith = (...floating: readonly string[]) => [nic({ ips: { '10.0.0.9': floating } })];

const carry = {
  floating_address: first,
  fixed_address: '10.1.0.9',
  interface: 'eth0',
  instance_uuid: uuidOf.db,
};
const migration = { instance_uuid: uuidOf.db, rxtx_factor: 1, project_id: 'p', floating_addresses: [first] };
const host = (value: string | null) =>
  floatingIpRow({ project_id: 'p', host: value, fixed_ip_id: expect.any(Number) });

const carried: Story = {
  about: 'hosts carry floating IPs, which follow their instances',
  rows: [
    createPrivate,
    createWide,
    bootDb,
    growPool,
    ['allocate_floating_ip', { project_id: 'p' }, first],
    [
      '_associate_floating_ip',
      carry,
      null,
      {
        version: '1.6',
        server: 'h1',
        after: ({ hosts }) => expect(hosts.asked).toContain(`carry ${first} for 10.1.0.9 on h1`),
      },
    ],
    [
      '_associate_floating_ip',
      { ...carry, floating_address: second },
      fails('FloatingIpAssociateFailed', { address: second, code: 500 }),
      { server: 'h1' },
    ],
    [
      '_associate_floating_ip',
      { ...carry, floating_address: '203.0.113.99' },
      unknown('203.0.113.99'),
      { server: 'h1' },
    ],
    [
      '_associate_floating_ip',
      { ...carry, fixed_address: '10.0.0.77' },
      fails('FixedIpNotFoundForAddress', { address: '10.0.0.77', code: 404 }),
    ],
    [
      '_associate_floating_ip',
      { ...carry, fixed_address: 'bogus' },
      fails('FixedIpInvalid', { address: 'bogus', code: 400 }),
    ],
    ['_associate_floating_ip', { ...carry, floating_address: 'bogus' }, malformed],
    ['_associate_floating_ip', carry, forbidden, other],
    [
      'migrate_instance_start',
      { ...migration, source: 'h1', dest: 'h2' },
      null,
      { version: '1.2', server: 'h1', after: ({ hosts }) => hosts.up.add('h2') },
    ],
    ['get_floating_ip', { id: 1 }, host('h1')],
    [
      'migrate_instance_finish',
      { ...migration, source: 'h1', dest: 'h2' },
      null,
      { version: '1.2', after: ({ hosts }) => expect(hosts.asked).toContain(`drop ${first} on h1`) },
    ],
    ['get_floating_ip', { id: 1 }, host('h2')],
    // Before 1.2; and nobody carries it while the instance is shelved.
    [
      'migrate_instance_finish',
      { instance_uuid: uuidOf.db, floating_addresses: null, host: 'h1' },
      null,
      { version: '1.1' },
    ],
    ['get_floating_ip', { id: 1 }, host('h1')],
    [
      'migrate_instance_start',
      { ...migration, source: 'h1', dest: null, floating_addresses: null },
      null,
      { version: '1.2' },
    ],
    ['get_floating_ip', { id: 1 }, host(null)],
    [
      'migrate_instance_finish',
      { ...migration, source: null, dest: 'h9' },
      fails('NetworkHostUnavailable', { host: 'h9', reason: 'down', code: 503 }),
    ],
    ['migrate_instance_finish', { ...migration, source: null, dest: 'h1' }, null],
    ['migrate_instance_finish', { dest: 'h1' }, fails('TypeError')],
    [
      'migrate_instance_start',
      { ...migration, source: '-x/../y', dest: null },
      fails('InvalidInput', { reason: '"-x/../y" is no host name', code: 400 }),
    ],
    [
      'migrate_instance_finish',
      { ...migration, dest: '-x/../y' },
      fails('InvalidInput', { reason: '"-x/../y" is no host name', code: 400 }),
    ],
    [
      '_disassociate_floating_ip',
      { address: first, interface: 'eth0', instance_uuid: uuidOf.web },
      fails('FloatingIpNotAssociated', { address: first, code: 500 }),
      { server: 'h1' },
    ],
    [
      '_disassociate_floating_ip',
      { address: first, interface: 'eth0', instance_uuid: uuidOf.db },
      null,
      {
        version: '1.6',
        server: 'h1',
        after: ({ hosts }) => expect(hosts.asked.at(-1)).toBe(`drop ${first} on h1`),
      },
    ],
    [
      '_disassociate_floating_ip',
      { address: first, interface: 'eth0' },
      fails('FloatingIpNotAssociated', { address: first, code: 500 }),
      { server: 'h1' },
    ],
    ['_disassociate_floating_ip', { address: '203.0.113.99', interface: null }, unknown('203.0.113.99')],
    ['_disassociate_floating_ip', { address: 'bogus', interface: null }, malformed],
  ],
};

const automatic: Story = {
  about: 'instances get floating IPs of their own, which go with them',
  options: { auto_assign_floating_ip: 'true' },
  rows: [
    createPrivate,
    createWide,
    growPool,
    ['allocate_for_instance', bootArguments, webWith(first)],
    [
      'get_floating_ip',
      { id: 1 },
      floatingIpRow({ project_id: 'p', host: 'h1', auto_assigned: true, fixed_ip_id: 4 }),
    ],
    [
      'disassociate_floating_ip',
      { address: first },
      fails('CannotDisassociateAutoAssignedFloatingIP', { code: 500 }),
      user,
    ],
    ['deallocate_for_instance', { instance: instanceObject(uuidOf.web) }, null],
    ['get_floating_ip', { id: 1 }, floatingIpRow()],
  ],
};

export const floatingIpHostStories: readonly Story[] = [carried, automatic];
