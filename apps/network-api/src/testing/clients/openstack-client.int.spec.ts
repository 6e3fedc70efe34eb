import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { TestApi } from '../test-api.js';
import { registerInstance } from '../test-instances.js';
import { type IdentityService, startIdentityService } from './identity-service.js';
import { transcript } from './transcript.js';

const VM1 = 'b08eb8d8-0000-4000-8000-000000000001';
const golden = (name: string) => join(import.meta.dirname, 'golden', `${name}.txt`);

let api: TestApi;
let identity: IdentityService;
let net1: string;

beforeAll(async () => {
  api = await TestApi.create({ databaseUrl: inject('databaseUrl'), amqpUrl: inject('amqpUrl') });
  identity = await startIdentityService(api.url);
  const network = { label: 'vmnet', cidr: '10.0.0.0/24', bridge: 'br100', bridge_interface: 'eth1' };
  const { body } = await api.ask('POST', '/v2.1/os-networks', { network });
  net1 = body.network.id;
  const pool = { ip_range: '198.51.100.10,198.51.100.11', pool: 'nova' };
  await api.ask('POST', '/v2.1/os-floating-ips-bulk', { floating_ips_bulk_create: pool });
  await registerInstance(api, VM1, 'admin', { displayName: 'vm1' });
  const place = await api.ipam.networks.findByUuid(net1);
  if (!place) throw new Error('no network');
  const instance = { uuid: VM1, projectId: 'admin', host: null };
  await api.ipam.fixedIps.allocate({ instance, nics: [{ network: place }] });
}, 120_000);
afterAll(async () => {
  identity?.close();
  await api?.remove();
});

const login = () => ({ authUrl: identity.url, user: 'admin', project: 'admin' });

it.each([
  {
    what: 'networks',
    commands: () => [
      'network create --subnet 10.1.0.0/24 --share net1',
      'network list',
      'network show net1',
      'network show 00000000-0000-0000-0000-000000000000',
      'network delete net1',
      'network list',
      'network set --name x vmnet',
    ],
  },
  {
    what: 'floating-ips',
    commands: () => [
      'floating ip pool list',
      'floating ip create nova',
      'floating ip create nosuch',
      'floating ip list',
      'floating ip show 198.51.100.10',
      'floating ip show 1',
      'server add floating ip vm1 198.51.100.10',
      'floating ip list',
      'server add floating ip --fixed-ip-address 10.0.0.2 vm1 198.51.100.10',
      'server add floating ip --fixed-ip-address 10.0.0.77 vm1 198.51.100.10',
      'server remove floating ip vm1 198.51.100.10',
      'server remove floating ip vm1 198.51.100.10',
      'floating ip list',
      'floating ip delete 198.51.100.10',
      'floating ip delete 198.51.100.10',
      'floating ip list',
    ],
  },
  {
    what: 'security-groups',
    commands: () => [
      'security group list',
      'security group create --description "web servers" web',
      'security group create web',
      'security group list --all-projects',
      'security group show web',
      'security group rule create --protocol tcp --dst-port 80:80 --remote-ip 10.0.0.0/8 web',
      'security group rule create --protocol tcp --dst-port 80:80 --remote-ip 10.0.0.0/8 web',
      'security group rule create --protocol icmp --remote-ip 0.0.0.0/0 web',
      'security group rule create --protocol tcp --dst-port 22:22 --remote-group default web',
      'security group rule create --protocol tcp web',
      'security group show web',
      'security group rule delete 1',
      'security group rule delete 1',
      'server add security group vm1 web',
      'server add security group vm1 web',
      'security group delete web',
      'server remove security group vm1 web',
      'security group delete web',
      'security group delete default',
      'security group show nosuch',
    ],
  },
  {
    what: 'servers-and-limits',
    commands: () => [
      `server add fixed ip vm1 ${net1}`,
      'server add fixed ip nosuch 10.0.0.9',
      'host list',
      'limits show --absolute',
      'quota show',
    ],
  },
])(
  'the client of OpenStack is answered about $what as nova answered it',
  { timeout: 180_000 },
  async ({ what, commands }) => {
    await expect(await transcript('openstack', login(), commands())).toMatchFileSnapshot(golden(what));
  },
);
