import type { InstanceFacts } from './instance-facts.js';
import { folder, textLeaf, type Folder, type Leaf } from './metadata-node.js';
import type { NicFacts } from './nic-facts.js';

/**
 * `network/` of Amazon's newer versions; undefined: no NIC is told of. Amazon has DHCP everywhere, and whoever reads this
 * waits a minute for it at each NIC that is named: one that no DHCP answers is not.
 */
export function nicsFolder(facts: InstanceFacts): Folder | undefined {
  const served = facts.nics.filter(({ isServed }) => isServed);
  if (served.length === 0) return undefined;
  const macs = folder(Object.fromEntries(served.map((nic) => [nic.mac, nicFolder(nic, facts)])));
  return folder({ interfaces: folder({ macs }) });
}

function nicFolder({ ipv4, ipv6, floatingIps, ...nic }: NicFacts, facts: InstanceFacts): Folder {
  const associations = floatingIps.map(({ floating, fixed }) => [floating, textLeaf(fixed)]);
  const listed = folder({
    'device-number': textLeaf(nic.number),
    'interface-id': textLeaf(nic.uuid),
    'ipv4-associations': associations.length > 0 ? folder(Object.fromEntries(associations)) : undefined,
    'local-hostname': textLeaf(facts.hostname),
    'local-ipv4s': given(ipv4.addresses),
    mac: textLeaf(nic.mac),
    'owner-id': given(facts.projectId),
    'public-ipv4s': given(floatingIps.map(({ floating }) => floating)),
    'security-groups': given(facts.securityGroups),
    'subnet-ipv4-cidr-block': given(ipv4.cidr),
    'subnet-ipv6-cidr-blocks': given(ipv6.cidr),
    // Without it cloud-init takes the instance for one from before Amazon's VPCs: it asks DHCP again on a NIC that is
    // configured by then, and fails.
    'vpc-id': textLeaf(nic.networkUuid),
  });
  const ipv6s = given(ipv6.addresses);
  // Listed, it has cloud-init ask DHCPv6, which nobody answers: routers tell addresses here.
  return { ...listed, hidden: new Map(ipv6s ? [['ipv6s', ipv6s]] : []) };
}

/** Undefined: there is nothing to say. */
function given(value: string | null | readonly string[]): Leaf | undefined {
  return value === null || value.length === 0 ? undefined : textLeaf(value);
}
