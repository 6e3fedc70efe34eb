import { expect } from 'vitest';
import { fails, userOf, type Row, type Story } from '../../testing/both-clients.js';
import { bootWeb, createPrivate } from './setting.js';
import { uuidOf } from './shapes.js';

const ours = { namespace: 'novanet' };
const alice = { ...ours, context: userOf('p') };
const mallory = { ...ours, context: userOf('other') };
const tcp = (port: number) => ({ ip_protocol: 'tcp', from_port: port, to_port: port });
const invalid = fails('InvalidInput', { reason: expect.any(String), code: 400 });
const unfitRule = fails('InvalidSecurityGroupRule', { code: 400 });
const groupNotFound = (id: number) => fails('SecurityGroupNotFound', { security_group_id: id, code: 404 });
const noSuchInstance = fails('InstanceNotFound', { instance_id: uuidOf.nobody, code: 404 });

const defaultGroup = { id: 1, name: 'default', description: 'default', project_id: 'p', rules: [] };
const web = { id: 2, name: 'web', description: 'web servers', project_id: 'p', rules: [] };
const http = { id: 1, parent_group_id: 2, ...tcp(80), cidr: '0.0.0.0/0', group: null };
const fromWeb = {
  id: 2,
  parent_group_id: 2,
  ip_protocol: null,
  from_port: null,
  to_port: null,
  cidr: null,
  group: { id: 2, name: 'web', project_id: 'p' },
};

const groups: Story = {
  about: 'a project has security groups, "default" from the first look',
  options: { quota_security_groups: '3' },
  rows: [
    ['list_security_groups', {}, [], ours],
    ['list_security_groups', {}, [defaultGroup], alice],
    ['list_security_groups', { project_id: 'p' }, [defaultGroup], ours],
    ['list_security_groups', { project_id: 'p' }, fails('Forbidden', { code: 403 }), mallory],
    ['list_security_groups', { project_id: 7 }, fails('TypeError'), ours],
    ['create_security_group', { name: 'web', description: 'web servers' }, web, alice],
    [
      'create_security_group',
      { name: 'default', project_id: 'p' },
      fails('SecurityGroupExists', { security_group_name: 'default', project_id: 'p', code: 400 }),
      ours,
    ],
    ['create_security_group', { name: ' ' }, invalid, alice],
    ['create_security_group', {}, fails('TypeError'), alice],
    [
      'create_security_group',
      { name: 'db', project_id: 'p' },
      { ...web, id: 3, name: 'db', description: null },
      ours,
    ],
    ['create_security_group', { name: 'more' }, fails('SecurityGroupLimitExceeded', { code: 413 }), alice],
    ['create_security_group', { name: 'x', project_id: 'p' }, fails('Forbidden', { code: 403 }), mallory],
    ['rename_security_group', { group_id: 2, name: 'www' }, { ...web, name: 'www' }, alice],
    [
      'rename_security_group',
      { group_id: '2', name: 'db' },
      fails('SecurityGroupExists', { security_group_name: 'db', project_id: 'p', code: 400 }),
      alice,
    ],
    ['rename_security_group', { group_id: 1, name: 'x' }, fails('SystemSecurityGroup', { code: 400 }), alice],
    ['rename_security_group', { group_id: 2, name: 'x' }, groupNotFound(2), mallory],
    ['delete_security_group', { group_id: 2 }, groupNotFound(2), mallory],
    ['delete_security_group', { group_id: 1 }, fails('SystemSecurityGroup', { code: 400 }), ours],
    ['delete_security_group', { group_id: 2 }, null, alice],
    ['delete_security_group', { group_id: 2 }, groupNotFound(2), alice],
    ['list_security_groups', {}, [{ ...web, id: 3, name: 'db', description: null }, defaultGroup], alice],
    ['list_security_groups', { instance_uuid: uuidOf.nobody }, noSuchInstance, ours],
  ],
};

const addToWeb = (...rules: readonly unknown[]) => ({ group_id: 2, rules });

const rules: Story = {
  about: 'the rules of a group say what it lets in',
  options: { quota_security_group_rules: '3' },
  rows: [
    ['create_security_group', { name: 'web', description: 'web servers' }, web, alice],
    ['add_security_group_rules', addToWeb(tcp(80), { group_id: 2 }), [http, fromWeb], alice],
    ['list_security_groups', {}, [defaultGroup, { ...web, rules: [http, fromWeb] }], alice],
    [
      'add_security_group_rules',
      addToWeb({ ...tcp(22), cidr: 'fd00::/8' }, tcp(80)),
      fails('SecurityGroupRuleExists', { rule: 'tcp 80:80 from 0.0.0.0/0', parent_group_id: 2, code: 400 }),
      alice,
    ],
    [
      'add_security_group_rules',
      addToWeb({ ip_protocol: 'ICMP', from_port: '-1', to_port: -1, cidr: '10.0.0.0/8' }),
      [{ ...http, id: 3, ip_protocol: 'icmp', from_port: -1, to_port: -1, cidr: '10.0.0.0/8' }],
      ours,
    ],
    [
      'add_security_group_rules',
      addToWeb(tcp(443)),
      fails('SecurityGroupLimitExceeded', { code: 413 }),
      alice,
    ],
    [
      'add_security_group_rules',
      addToWeb({ ...tcp(90), to_port: 80 }),
      fails('InvalidPortRange', { from_port: 90, to_port: 80, msg: expect.any(String), code: 400 }),
      alice,
    ],
    [
      'add_security_group_rules',
      addToWeb({ ...tcp(90), ip_protocol: 'sctp' }),
      fails('InvalidIpProtocol', { protocol: 'sctp', code: 400 }),
      alice,
    ],
    [
      'add_security_group_rules',
      addToWeb({ ...tcp(90), cidr: '10.0.0.0/33' }),
      fails('InvalidCidr', { cidr: '10.0.0.0/33', code: 400 }),
      alice,
    ],
    ['add_security_group_rules', addToWeb({ ip_protocol: 'tcp' }), unfitRule, alice],
    ['add_security_group_rules', addToWeb({ group_id: 9 }), groupNotFound(9), alice],
    ['add_security_group_rules', addToWeb(tcp(443)), groupNotFound(2), mallory],
    ['add_security_group_rules', addToWeb([]), fails('TypeError'), alice],
    ['add_security_group_rules', addToWeb(), fails('TypeError'), alice],
    [
      'remove_security_group_rule',
      { rule_id: 1 },
      fails('SecurityGroupNotFoundForRule', { rule_id: 1, code: 404 }),
      mallory,
    ],
    ['remove_security_group_rule', { rule_id: 1 }, null, alice],
    [
      'remove_security_group_rule',
      { rule_id: 1 },
      fails('SecurityGroupNotFoundForRule', { rule_id: 1, code: 404 }),
      alice,
    ],
  ],
};

const webInWeb = { group_id: 2, instance_uuid: uuidOf.web };
const memberOf = (id: number) => ({ security_group_id: id, instance_id: uuidOf.web, code: 400 });

const members: Story = {
  about: 'an instance is in groups of its project',
  rows: [
    createPrivate,
    bootWeb,
    ['create_security_group', { name: 'web', description: 'web servers' }, web, alice],
    ['list_security_groups', { instance_uuid: uuidOf.web }, [defaultGroup], alice],
    ['add_security_group_member', webInWeb, null, alice],
    ['list_security_groups', { instance_uuid: uuidOf.web }, [defaultGroup, web], ours],
    ['add_security_group_member', webInWeb, fails('SecurityGroupExistsForInstance', memberOf(2)), ours],
    ['add_security_group_member', webInWeb, groupNotFound(2), mallory],
    ['add_security_group_member', { ...webInWeb, instance_uuid: uuidOf.nobody }, noSuchInstance, ours],
    ['add_security_group_member', { ...webInWeb, instance_uuid: 'mine' }, fails('TypeError'), ours],
    [
      'create_security_group',
      { name: 'x' },
      { ...web, id: 4, name: 'x', description: null, project_id: 'other' },
      mallory,
    ],
    [
      'add_security_group_member',
      { ...webInWeb, group_id: 4 },
      fails('SecurityGroupNotFoundForProject', { security_group_id: 4, project_id: 'p', code: 404 }),
      ours,
    ],
    ['delete_security_group', { group_id: 2 }, fails('SecurityGroupInUse', { code: 400 }), alice],
    ['remove_security_group_member', webInWeb, null, alice],
    [
      'remove_security_group_member',
      webInWeb,
      fails('SecurityGroupNotExistsForInstance', memberOf(2)),
      alice,
    ],
    ['remove_security_group_member', {}, fails('TypeError'), alice],
  ],
};

const listed = (id: number) => ({ id, ...tcp(25), cidr: '198.51.100.0/24' });
/** As text, in upper case: how clients write it. */
const smtp = { ip_protocol: 'TCP', from_port: '25', to_port: '25', cidr: '198.51.100.0/24' };

const noPorts = { ip_protocol: null, from_port: null, to_port: null };
const everything = { ip_protocol: '-1', from_port: -1, to_port: -1, cidr: '203.0.113.0/24' };

/** The methods about a list of rules that belongs to nobody. */
function aboutList(noun: string, exists: string, notFound: ReturnType<typeof fails>): readonly Row[] {
  const [list, add, remove] = [`list_${noun}s`, `add_${noun}`, `remove_${noun}`];
  const adminRequired = fails('AdminRequired', { code: 403 });
  return [
    [list, {}, [], ours],
    [add, smtp, listed(1), ours],
    [add, smtp, fails(exists, { code: 409 }), ours],
    [add, { ip_protocol: 'udp' }, unfitRule, ours],
    [add, tcp(26), { id: 2, ...tcp(26), cidr: '0.0.0.0/0' }, ours],
    [list, {}, [listed(1), { id: 2, ...tcp(26), cidr: '0.0.0.0/0' }], ours],
    [add, everything, { id: 3, ...noPorts, cidr: '203.0.113.0/24' }, ours],
    [add, { ...everything, ip_protocol: 'any' }, fails(exists, { code: 409 }), ours],
    [remove, { rule_id: 3 }, null, ours],
    [remove, { rule_id: 2 }, null, ours],
    [remove, { rule_id: 2 }, notFound, ours],
    [remove, {}, fails('TypeError'), ours],
    [list, {}, adminRequired, alice],
    [add, tcp(27), adminRequired, alice],
    [remove, { rule_id: 1 }, adminRequired, alice],
  ];
}

const ofTheCloud: Story = {
  about: 'an administrator has rules for all instances, and for groups "default" to come',
  rows: [
    ...aboutList(
      'provider_firewall_rule',
      'ProviderFirewallRuleExists',
      fails('ProviderFirewallRuleNotFound', { rule_id: 2, code: 404 }),
    ),
    ...aboutList(
      'default_group_rule',
      'SecurityGroupDefaultRuleExists',
      fails('SecurityGroupDefaultRuleNotFound', { rule_id: 2, code: 400 }),
    ),
    [
      'list_security_groups',
      {},
      [
        {
          ...defaultGroup,
          rules: [{ ...listed(1), parent_group_id: 1, group: null }],
        },
      ],
      alice,
    ],
  ],
};

export const securityGroupStories: readonly Story[] = [groups, rules, members, ofTheCloud];
