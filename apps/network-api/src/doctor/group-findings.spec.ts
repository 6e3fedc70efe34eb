import type { RuleDraft } from '@novanet/ipam';
import { Ipv4Cidr } from '@novanet/net-address';
import { expect, test } from 'vitest';
import { groupFindings } from './group-findings.js';

const from = (range: string) => ({ source: { cidr: Ipv4Cidr.parse(range) } });
const anywhere = from('0.0.0.0/0');
const ping: RuleDraft = { ...anywhere, protocol: 'icmp', fromPort: -1, toPort: -1 };
const ssh: RuleDraft = { ...anywhere, protocol: 'tcp', fromPort: 22, toPort: 22 };
const instance = { uuid: 'u', displayName: 'web', hostname: 'web' };

test.each<{ name: string; rules: RuleDraft[]; closed: string | undefined }>([
  { name: 'ping and SSH', rules: [ping, ssh], closed: undefined },
  {
    name: 'everything',
    rules: [{ ...anywhere, protocol: null, fromPort: null, toPort: null }],
    closed: undefined,
  },
  { name: 'all ports', rules: [ping, { ...ssh, fromPort: 1, toPort: 65_535 }], closed: undefined },
  { name: 'the question of ping', rules: [{ ...ping, fromPort: 8, toPort: 0 }, ssh], closed: undefined },
  { name: 'ping alone', rules: [ping], closed: 'SSH' },
  { name: 'SSH alone', rules: [ssh], closed: 'ping' },
  { name: 'other ports', rules: [ping, { ...ssh, fromPort: 80, toPort: 443 }], closed: 'SSH' },
  { name: 'some sources', rules: [{ ...ping, ...from('10.0.0.0/8') }, ssh], closed: 'ping' },
  { name: 'another group', rules: [{ ...ping, source: { groupId: 7 } }, ssh], closed: 'ping' },
  { name: 'nothing', rules: [], closed: 'ping and SSH' },
])('a group that lets in $name lacks $closed', ({ rules, closed }) => {
  const [finding, ...others] = groupFindings(instance, [{ id: 3, name: 'web' }], rules);
  expect(others).toEqual([]);
  expect(finding?.problem).toBe(closed && `no security group lets in ${closed} from everywhere`);
});

test('the command opens what is closed, in the group of the instance, whatever a tenant calls that', () => {
  const [finding] = groupFindings(instance, [{ id: 3, name: 'web; reboot' }], [ping]);
  expect(finding?.command).toBe(
    'openstack security group rule create --protocol tcp --dst-port 22 --remote-ip 0.0.0.0/0 3',
  );
});

test('where there is no group there is no command', () => {
  expect(groupFindings(instance, [], [])).toMatchObject([{ command: null }]);
});
