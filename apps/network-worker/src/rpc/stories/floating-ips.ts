import { fails, userOf, type Row, type Story } from '../../testing/both-clients.js';
import { bootDb, bootWeb, createPrivate, createWide, growPool } from './setting.js';
import { floatingIpObject, floatingIpRow, nic, novaObject, uuidOf } from './shapes.js';

const [first, second, third] = ['203.0.113.1', '203.0.113.2', '203.0.113.3'] as const;
const user = { context: userOf('p') };
const other = { context: userOf('other') };
const unknown = (address: string) => fails('FloatingIpNotFoundForAddress', { address, code: 404 });
const malformed = fails('InvalidIpAddressError', { address: 'bogus', code: 400 });
const forbidden = fails('Forbidden', { code: 403 });

const webWith = (...floating: readonly string[]) => [nic({ ips: { '10.0.0.9': floating } })];
const infoOfWeb: Row[1] = { instance_id: uuidOf.web };

const pools: Story = {
  about: 'floating IPs are allocated, shown and given back',
  options: { quota_floating_ips: '2' },
  rows: [
    ['get_floating_ip_pools', {}, [], { version: '1.7' }],
    [
      'allocate_floating_ip',
      { project_id: 'p', auto_assigned: false, pool: 'nova' },
      fails('FloatingIpPoolNotFound', { code: 404 }),
    ],
    growPool,
    ['get_floating_ip_pools', {}, [{ name: 'nova' }], { version: '1.7' }],
    ['get_floating_pools', {}, [{ name: 'nova' }]],
    ['get_floating_ip', { id: 1 }, floatingIpRow({ updated_at: null })],
    ['get_floating_ip', { id: 1 }, fails('FloatingIpNotFound', { id: 1, code: 404 }), user],
    ['get_floating_ip', { id: 99 }, fails('FloatingIpNotFound', { id: 99, code: 404 })],
    ['get_floating_ip', {}, fails('TypeError')],
    ['get_floating_ip_by_address', { address: first }, floatingIpObject({ updated_at: null })],
    ['allocate_floating_ip', { project_id: 'p', auto_assigned: false, pool: 'nova' }, first, user],
    ['allocate_floating_ip', { project_id: 'p' }, forbidden, other],
    [
      'allocate_floating_ip',
      { project_id: 'p', pool: 'none' },
      fails('FloatingIpPoolNotFound', { code: 404 }),
    ],
    ['allocate_floating_ip', { project_id: 'p', pool: null }, second],
    ['allocate_floating_ip', { project_id: 'p' }, fails('FloatingIpLimitExceeded', { code: 413 })],
    ['allocate_floating_ip', { project_id: 'other', auto_assigned: true }, third],
    ['allocate_floating_ip', { project_id: 'other' }, fails('NoMoreFloatingIps', { code: 404 })],
    ['allocate_floating_ip', { project_id: 5 }, fails('TypeError')],
    ['get_floating_ip', { id: 1 }, floatingIpRow({ project_id: 'p' }), user],
    ['get_floating_ip_by_address', { address: first }, floatingIpObject({ project_id: 'p' }), user],
    ['get_floating_ip_by_address', { address: first }, forbidden, other],
    ['get_floating_ip_by_address', { address: '203.0.113.99' }, unknown('203.0.113.99')],
    ['get_floating_ip_by_address', { address: 'bogus' }, malformed],
    [
      'get_floating_ips_by_project',
      {},
      novaObject('FloatingIPList', '1.11', {
        objects: [
          floatingIpObject({ project_id: 'p' }),
          floatingIpObject({ id: 2, address: second, project_id: 'p' }),
        ],
      }),
      user,
    ],
    // Without what came with an instance.
    ['get_floating_ips_by_project', {}, novaObject('FloatingIPList', '1.11', { objects: [] }), other],
    ['deallocate_floating_ip', { address: first, affect_auto_assigned: false }, forbidden, other],
    ['deallocate_floating_ip', { address: first, affect_auto_assigned: false }, null, user],
    ['deallocate_floating_ip', { address: first }, forbidden, user],
    ['deallocate_floating_ip', { address: third }, null],
    [
      'get_floating_ip',
      { id: 3 },
      floatingIpRow({ id: 3, address: third, project_id: 'other', auto_assigned: true }),
    ],
    ['deallocate_floating_ip', { address: third, affect_auto_assigned: true }, null],
    ['get_floating_ip', { id: 3 }, floatingIpRow({ id: 3, address: third })],
    ['deallocate_floating_ip', { address: '203.0.113.99' }, unknown('203.0.113.99')],
    ['deallocate_floating_ip', { address: 'bogus' }, malformed],
  ],
};

const association = { floating_address: first, fixed_address: '10.0.0.9', affect_auto_assigned: false };

const associations: Story = {
  about: 'floating IPs stand for fixed IPs',
  rows: [
    createPrivate,
    createWide,
    bootWeb,
    bootDb,
    growPool,
    ['allocate_floating_ip', { project_id: 'p' }, first],
    ['associate_floating_ip', association, null, user],
    // Again, it does not change; elsewhere, and the caller hears who lost it.
    ['associate_floating_ip', association, null, user],
    ['get_instance_nw_info', infoOfWeb, webWith(first)],
    ['get_floating_ips_by_fixed_address', { fixed_address: '10.0.0.9' }, [first], user],
    ['get_floating_ips_by_fixed_address', { fixed_address: '10.0.0.9' }, [], other],
    ['get_floating_ips_by_fixed_address', { fixed_address: '10.0.0.77' }, []],
    [
      'get_floating_ips_by_fixed_address',
      { fixed_address: 'bogus' },
      fails('FixedIpInvalid', { address: 'bogus', code: 400 }),
    ],
    ['get_instance_id_by_floating_address', { address: first }, uuidOf.web, user],
    ['get_instance_id_by_floating_address', { address: first }, forbidden, other],
    ['get_instance_id_by_floating_address', { address: second }, null],
    ['get_instance_id_by_floating_address', { address: 'bogus' }, malformed],
    [
      'get_floating_ip_by_address',
      { address: first },
      floatingIpObject({ project_id: 'p', host: 'h1', fixed_ip_id: 4 }),
    ],
    [
      'deallocate_floating_ip',
      { address: first },
      fails('FloatingIpAssociated', { address: first, code: 500 }),
      user,
    ],
    ['associate_floating_ip', { ...association, fixed_address: '10.1.0.9' }, uuidOf.web, user],
    ['get_instance_nw_info', infoOfWeb, webWith()],
    [
      'associate_floating_ip',
      { ...association, fixed_address: '10.0.0.77' },
      fails('FixedIpNotFoundForAddress', { address: '10.0.0.77', code: 404 }),
    ],
    [
      'associate_floating_ip',
      { ...association, fixed_address: 'bogus' },
      fails('FixedIpInvalid', { address: 'bogus', code: 400 }),
    ],
    ['associate_floating_ip', { ...association, floating_address: '203.0.113.99' }, unknown('203.0.113.99')],
    ['associate_floating_ip', { ...association, floating_address: 'bogus' }, malformed],
    ['associate_floating_ip', association, forbidden, other],
    [
      'associate_floating_ip',
      { floating_address: second, fixed_address: '10.0.0.9' },
      fails('FloatingIpAssociateFailed', { address: second, code: 500 }),
    ],
    ['disassociate_floating_ip', { address: first, affect_auto_assigned: false }, forbidden, other],
    ['disassociate_floating_ip', { address: first, affect_auto_assigned: false }, null, user],
    [
      'disassociate_floating_ip',
      { address: first },
      fails('FloatingIpNotAssociated', { address: first, code: 500 }),
      user,
    ],
    ['disassociate_floating_ip', { address: '203.0.113.99' }, unknown('203.0.113.99')],
    ['disassociate_floating_ip', { address: 'bogus' }, malformed],
  ],
};

export const floatingIpStories: readonly Story[] = [pools, associations];
