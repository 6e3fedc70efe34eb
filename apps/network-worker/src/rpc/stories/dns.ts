import { expect } from 'vitest';
import { fails, userOf, type Story } from '../../testing/both-clients.js';

const user = { context: userOf('p') };
const other = { context: userOf('other') };
const forbidden = fails('Forbidden', { code: 403 });
const adminRequired = fails('AdminRequired', { code: 403 });
const notFound = fails('NotFound', { code: 404 });

const www = { address: '203.0.113.10', name: 'www', domain: 'example.org' };
const elsewhere = { ...www, address: '203.0.113.11' };
const wwwName = { name: 'www', domain: 'example.org' };
const domains = [
  { domain: 'az1.internal', scope: 'private', availability_zone: 'az1' },
  { domain: 'example.org', scope: 'public', project: 'p' },
];

const served: Story = {
  about: 'domains and names, where dnsmasq serves them',
  options: { instance_dns_manager: 'dnsmasq', floating_ip_dns_manager: 'dnsmasq' },
  rows: [
    ['get_dns_domains', {}, []],
    ['create_public_dns_domain', { domain: 'example.org', project: 'p' }, adminRequired, user],
    ['create_public_dns_domain', { domain: 'example.org', project: 'p' }, null],
    ['create_private_dns_domain', { domain: 'az1.internal', av_zone: 'az1' }, adminRequired, user],
    ['create_private_dns_domain', { domain: 'az1.internal', av_zone: 'az1' }, null],
    ['get_dns_domains', {}, domains],
    ['get_dns_domains', {}, domains, user],
    ['get_dns_domains', {}, [domains[0]], other],
    [
      'create_private_dns_domain',
      { domain: 'example.org' },
      fails('FloatingIpDNSExists', { name: 'example.org', domain: 'example.org', code: 400 }),
    ],
    [
      'create_public_dns_domain',
      { domain: 'az1.internal' },
      fails('FloatingIpDNSExists', { name: 'az1.internal', domain: 'az1.internal', code: 400 }),
    ],
    [
      'create_public_dns_domain',
      { domain: '' },
      fails('InvalidInput', { reason: expect.any(String), code: 400 }),
    ],
    ['create_public_dns_domain', {}, fails('TypeError')],
    ['create_private_dns_domain', {}, fails('TypeError')],
    ['add_dns_entry', { ...www, dns_type: 'A' }, forbidden, other],
    ['add_dns_entry', { ...www, dns_type: 'A' }, null, user],
    [
      'add_dns_entry',
      { ...www, dns_type: 'A' },
      fails('FloatingIpDNSExists', { name: 'www', domain: 'example.org', code: 400 }),
      user,
    ],
    [
      'add_dns_entry',
      { ...www, dns_type: 'MX' },
      fails('InvalidInput', { reason: "only DNS entries of type 'A' are known", code: 400 }),
    ],
    [
      'add_dns_entry',
      { ...www, address: 'bogus', dns_type: 'A' },
      fails('InvalidInput', { reason: expect.stringContaining('bogus'), code: 400 }),
    ],
    ['add_dns_entry', { ...www, domain: 'example.com', dns_type: 'A' }, notFound],
    ['add_dns_entry', www, fails('TypeError')],
    ['get_dns_entries_by_name', wwwName, ['203.0.113.10'], user],
    ['get_dns_entries_by_name', wwwName, forbidden, other],
    ['get_dns_entries_by_name', { ...wwwName, name: 'ftp' }, []],
    ['get_dns_entries_by_name', { name: 'www' }, fails('TypeError')],
    ['get_dns_entries_by_address', { address: www.address, domain: 'example.org' }, ['www'], user],
    ['get_dns_entries_by_address', { address: www.address, domain: 'example.org' }, forbidden, other],
    ['get_dns_entries_by_address', { address: elsewhere.address, domain: 'example.org' }, []],
    ['get_dns_entries_by_address', { address: www.address }, fails('TypeError')],
    ['modify_dns_entry', elsewhere, forbidden, other],
    ['modify_dns_entry', elsewhere, null, user],
    ['modify_dns_entry', { ...elsewhere, name: 'ftp' }, notFound],
    [
      'modify_dns_entry',
      { ...elsewhere, address: 'bogus' },
      fails('InvalidInput', { reason: expect.stringContaining('bogus'), code: 400 }),
    ],
    ['modify_dns_entry', wwwName, fails('TypeError')],
    ['get_dns_entries_by_name', wwwName, ['203.0.113.11']],
    ['delete_dns_entry', wwwName, forbidden, other],
    ['delete_dns_entry', wwwName, null, user],
    ['delete_dns_entry', wwwName, notFound, user],
    ['delete_dns_entry', { name: 'www' }, fails('TypeError')],
    ['get_dns_entries_by_name', wwwName, []],
    ['delete_dns_domain', { domain: 'example.org' }, adminRequired, user],
    ['delete_dns_domain', { domain: 'example.org' }, null],
    ['delete_dns_domain', { domain: 'example.org' }, notFound],
    ['delete_dns_domain', {}, fails('TypeError')],
    ['get_dns_domains', {}, [domains[0]]],
  ],
};

const nowhere: Story = {
  about: 'without DNS, names are accepted and forgotten',
  rows: [
    ['create_public_dns_domain', { domain: 'example.org', project: 'p' }, null],
    ['create_private_dns_domain', { domain: 'az1.internal', av_zone: null }, null],
    ['get_dns_domains', {}, []],
    ['add_dns_entry', { ...www, dns_type: 'A' }, null],
    ['modify_dns_entry', elsewhere, null],
    ['get_dns_entries_by_name', wwwName, []],
    ['get_dns_entries_by_address', { address: www.address, domain: 'example.org' }, []],
    ['delete_dns_entry', wwwName, null],
    ['delete_dns_domain', { domain: 'example.org' }, null],
  ],
};

export const dnsStories: readonly Story[] = [served, nowhere];
