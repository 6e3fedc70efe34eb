import * as ipam from '@novanet/ipam';
import { describe, expect, it } from 'vitest';
import { describeError } from './rpc-failure.js';

const uuid = 'c20f5eb7-3731-5401-bb46-73409f46ef14';

type Case = readonly [
  error: ipam.NetworkServiceError,
  code: number,
  kwargs?: Readonly<Record<string, unknown>>,
];

/** nova's exceptions: the code of the class and the keywords that its callers find in `kwargs`. */
const ofNova: readonly Case[] = [
  [new ipam.NotFound('It'), 404],
  [new ipam.Forbidden(), 403],
  [new ipam.AdminRequired(), 403],
  [new ipam.InvalidInput('x'), 400, { reason: 'x' }],
  [new ipam.InvalidUUID('x'), 400, { uuid: 'x' }],
  [new ipam.InvalidIpAddressError('x'), 400, { address: 'x' }],
  [new ipam.InvalidIntValue('x'), 400, { key: 'x' }],
  [new ipam.InvalidCidr('x'), 400, { cidr: 'x' }],
  [new ipam.InvalidAddress('x'), 400, { address: 'x' }],
  [new ipam.AddressOutOfRange('10.1.0.1', '10.0.0.0/24'), 400, { address: '10.1.0.1', cidr: '10.0.0.0/24' }],
  [new ipam.LabelTooLong(), 400],
  [new ipam.NetworkNotCreated('cidr'), 400, { req: 'cidr' }],
  [new ipam.DuplicateVlan(100), 409, { vlan: 100 }],
  [new ipam.CidrConflict('a', 'b'), 409, { cidr: 'a', other: 'b' }],
  [new ipam.NetworkInUse(uuid), 500, { network_id: uuid }],
  [new ipam.NetworkHasProject('p'), 500, { project_id: 'p' }],
  [new ipam.NetworkNotFound(7), 404, { network_id: 7 }],
  [new ipam.NetworkNotFoundForUUID(uuid), 404, { uuid }],
  [new ipam.NetworkNotFoundForCidr('10.0.0.0/24'), 404, { cidr: '10.0.0.0/24' }],
  [new ipam.NetworkNotFoundForProject(uuid, 'p'), 404, { network_uuid: uuid, project_id: 'p' }],
  [new ipam.NoNetworksFound(), 404],
  [new ipam.NoMoreNetworks(), 500],
  [
    new ipam.NetworkDhcpReleaseFailed('10.0.0.9', 'fa:16:3e:00:00:01'),
    500,
    { address: '10.0.0.9', mac_address: 'fa:16:3e:00:00:01' },
  ],
  [new ipam.FixedIpNotFound(7), 404, { id: 7 }],
  [new ipam.FixedIpNotFoundForAddress('10.0.0.9'), 404, { address: '10.0.0.9' }],
  [new ipam.FixedIpNotFoundForInstance(uuid), 404, { instance_uuid: uuid }],
  [
    new ipam.FixedIpNotFoundForSpecificInstance(uuid, '10.0.0.9'),
    404,
    { instance_uuid: uuid, ip: '10.0.0.9' },
  ],
  [new ipam.FixedIpNotFoundForNetwork('10.0.0.9', uuid), 404, { address: '10.0.0.9', network_uuid: uuid }],
  [new ipam.FixedIpAssociateFailed(uuid), 500, { net: uuid }],
  [new ipam.FixedIpAlreadyInUse('10.0.0.9', uuid), 500, { address: '10.0.0.9', instance_uuid: uuid }],
  [new ipam.FixedIpInvalid('x'), 400, { address: 'x' }],
  [new ipam.NoMoreFixedIps(uuid), 500, { net: uuid }],
  [new ipam.FixedIpLimitExceeded(), 413],
  [new ipam.FloatingIpExists('203.0.113.1'), 500, { address: '203.0.113.1' }],
  [new ipam.FloatingIpNotFound(7), 404, { id: 7 }],
  [new ipam.FloatingIpNotFoundForAddress('203.0.113.1'), 404, { address: '203.0.113.1' }],
  [new ipam.FloatingIpPoolNotFound(), 404],
  [new ipam.NoMoreFloatingIps(), 404],
  [new ipam.FloatingIpAssociated('203.0.113.1'), 500, { address: '203.0.113.1' }],
  [new ipam.FloatingIpNotAssociated('203.0.113.1'), 500, { address: '203.0.113.1' }],
  [new ipam.NoFloatingIpInterface('eth0'), 404, { interface: 'eth0' }],
  [new ipam.FloatingIpAssociateFailed('203.0.113.1', 'Why.'), 500, { address: '203.0.113.1' }],
  [new ipam.FloatingIpDNSExists('www', 'example.org'), 400, { name: 'www', domain: 'example.org' }],
  [new ipam.CannotDisassociateAutoAssignedFloatingIP(), 500],
  [new ipam.FloatingIpLimitExceeded(), 413],
  [new ipam.SecurityGroupNotFound(7), 404, { security_group_id: 7 }],
  [new ipam.SecurityGroupNotFoundForProject(7, 'p'), 404, { security_group_id: 7, project_id: 'p' }],
  [new ipam.SecurityGroupNotFoundForRule(7), 404, { rule_id: 7 }],
  [new ipam.SecurityGroupExists('web', 'p'), 400, { security_group_name: 'web', project_id: 'p' }],
  [new ipam.SecurityGroupRuleExists('tcp', 7), 400, { rule: 'tcp', parent_group_id: 7 }],
  [new ipam.SecurityGroupExistsForInstance(7, uuid), 400, { security_group_id: 7, instance_id: uuid }],
  [new ipam.SecurityGroupNotExistsForInstance(7, uuid), 400, { security_group_id: 7, instance_id: uuid }],
  [new ipam.SecurityGroupLimitExceeded(), 413],
  [new ipam.NetworkLimitExceeded(), 413],
  [new ipam.SecurityGroupDefaultRuleNotFound(7), 400, { rule_id: 7 }],
  [new ipam.InvalidPortRange(2, 1, 'No.'), 400, { from_port: 2, to_port: 1, msg: 'No.' }],
  [new ipam.InvalidIpProtocol('x'), 400, { protocol: 'x' }],
  [new ipam.VirtualInterfaceCreateException(), 500],
  [new ipam.VirtualInterfaceMacAddressException(), 500],
  [new ipam.InstanceNotFound(uuid), 404, { instance_id: uuid }],
  [new ipam.HostBinaryNotFound('h1', 'nova-x'), 404, { host: 'h1', binary: 'nova-x' }],
];

/** What nova has no class for. */
const ofOurs: readonly Case[] = [
  [new ipam.InstanceInUse(uuid, ['10.0.0.9']), 409, { instance_id: uuid, held: '10.0.0.9' }],
  [new ipam.NetworkChangeConflict(uuid, 'why'), 409, { network_id: uuid, reason: 'why' }],
  [new ipam.FloatingIpAllocated('203.0.113.1', 'p'), 409, { address: '203.0.113.1', project_id: 'p' }],
  [new ipam.FloatingIpPoolExists('nova'), 409, { pool: 'nova' }],
  [new ipam.FloatingIpPoolInUse('nova'), 409, { pool: 'nova' }],
  [new ipam.SecurityGroupInUse(), 400],
  [new ipam.InvalidSecurityGroupRule('No.'), 400],
  [new ipam.SystemSecurityGroup('delete'), 400],
  [new ipam.SecurityGroupDefaultRuleExists(), 409],
  [new ipam.ProviderFirewallRuleNotFound(7), 404, { rule_id: 7 }],
  [new ipam.ProviderFirewallRuleExists(), 409],
  [new ipam.NetworkHostUnavailable('h1', 'down'), 503, { host: 'h1', reason: 'down' }],
  [new ipam.DatabaseUnavailable('down'), 503, { reason: 'down' }],
];

describe("an exception's code and keywords", () => {
  it.each(
    [...ofNova, ...ofOurs].map(([error, code, kwargs = {}]) => ({ name: error.name, error, code, kwargs })),
  )('$name is $code', ({ name, error, code, kwargs }) => {
    const failure = describeError(error);
    expect(failure).toEqual({
      class: name,
      module: 'nova.exception',
      message: error.message,
      args: [error.message],
      kwargs: { ...kwargs, code },
    });
    // nova's texts are sentences with their values in them.
    expect(failure.message).not.toMatch(/undefined|null|%\(|\$\{/);
  });

  it('is known of every class that a worker can raise', () => {
    const classes = Object.entries(ipam).flatMap(([name, value]) => (isErrorClass(value) ? [name] : []));
    const covered = [...ofNova, ...ofOurs].map(([error]) => error.name);
    expect(covered.toSorted()).toEqual(classes.toSorted());
  });
});

function isErrorClass(value: unknown): boolean {
  return typeof value === 'function' && value.prototype instanceof ipam.NetworkServiceError;
}
