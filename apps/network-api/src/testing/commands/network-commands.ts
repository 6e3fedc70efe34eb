import { expect } from 'vitest';
import type { CommandRun } from './command-run.js';

const uuid = expect.stringMatching(/^[\da-f-]{36}$/);
const containing = (fields: object): unknown => expect.objectContaining(fields);

/** Of `novanet network` and `novanet vpn`. */
export const networkCommands: readonly CommandRun[] = [
  {
    name: 'network create',
    line: 'network create net% 10.%.0.0/24 --vlan 20% --project own%',
    says: '^id +[0-9a-f-]{36}\nlabel +net%\n(.+\n)*cidr +10.%.0.0/24\n(.+\n)*bridge +br20%\n(.+\n)*vlan +20%\n',
    holds: (n) => containing({ id: uuid, label: `net${n}`, vlan: 200 + n, project_id: `own${n}` }),
  },
  {
    name: 'network create',
    line: 'network create cut% 10.2%.0.0/16 2 256 --quiet',
    says: '^$',

    holds: (n) => [containing({ label: `cut${n}_0` }), containing({ label: `cut${n}_1` })],
  },
  {
    name: 'network list',
    line: 'network list',
    says: '^label +IPv4 +IPv6 +start address +DNS1 +DNS2 +VlanID +project +uuid +bridge +multi_host +host\n(.+\n)*net1 +10.1.0.0/24 +- +10.1.0.3 +8.8.4.4 +- +201 +own1 ',
    holds: () => expect.arrayContaining([containing({ label: 'net1', cidr: '10.1.0.0/24' })]),
  },
  {
    name: 'network show',
    line: 'network show net%',
    says: '\ngateway +10.%.0.1\n',
    holds: (n) => containing({ label: `net${n}`, dhcp_start: `10.${n}.0.3` }),
  },
  {
    name: 'network modify',
    line: 'network modify net% --gateway 10.%.0.9 --dns1 9.9.9.9 --mtu 1400',
    says: '\ngateway +10.%.0.9\n(.+\n)*dns1 +9.9.9.9\n(.+\n)*mtu +1400\n',
    holds: (n) => containing({ label: `net${n}`, gateway: `10.${n}.0.9`, mtu: 1400 }),
  },
  {
    name: 'network modify',
    line: 'network update net% --disassociate-project',
    says: '\nproject_id +-\n',
    holds: (n) => containing({ label: `net${n}`, project_id: null }),
  },
  {
    name: 'network convert',
    line: 'network convert net% --multi-host',
    says: '\nmulti_host +true\n',
    holds: (n) => containing({ label: `net${n}`, multi_host: true, host: null }),
  },
  {
    name: 'network convert',
    line: 'network convert net% --single-host --host h1',
    says: '\nmulti_host +false\n(.+\n)*host +h1\n',
    holds: (n) => containing({ label: `net${n}`, multi_host: false, host: 'h1' }),
  },
  {
    name: 'network delete',
    line: 'network delete net%',
    says: '^Deleted network net% \\(10.%.0.0/24, [0-9a-f-]{36}\\).$',
    holds: (n) => containing({ label: `net${n}` }),
  },
  {
    name: 'vpn change',
    line: 'vpn change p% 203.0.113.9 100%',
    says: '^The VPN of project p% is reached at 203.0.113.9:100%.$',
    holds: (n) => ({ project_id: `p${n}`, vpn_ip: '203.0.113.9', vpn_port: 1000 + n }),
  },
  {
    name: 'vpn list',
    line: 'vpn list p%',
    says: '^project +ip:port +private_ip +instance +state\np% +203.0.113.9:100% +- +- +pending$',
    holds: (n) => [
      { project_id: `p${n}`, public_ip: '203.0.113.9', public_port: 1000 + n, state: 'pending' },
    ],
  },
];
