import type { FindingDict } from '@novanet/contracts';
import type { FixedIp, FloatingIp, Instance, Nic } from '@novanet/ipam';
import type { HostName } from '@novanet/net-address';

/** An instance that was just made may not have asked yet. */
const GRACE_MS = 60_000;

const ABOUT = { host: null, safe: false, command: null } as const;

/** An instance to which nothing leads. */
export function instanceFindings(
  { uuid, displayName, hostname, host }: Instance,
  nics: readonly Nic[],
): FindingDict[] {
  const subject = displayName ?? hostname;
  if (nics.length === 0) {
    const explanation = `the compute service has not asked for its network, or gave it back: instance ${uuid} has no address`;
    return [{ ...ABOUT, check: 'instance', subject, problem: 'it is in no network', explanation }];
  }
  if (host !== null) return [];
  const explanation = `nobody said where instance ${uuid} runs, so no host filters it, and no multi-host network is served to it`;
  return [{ ...ABOUT, check: 'instance', subject, problem: 'it is on no host', explanation }];
}

/** An address of a network that leads to no instance. */
export function fixedIpFindings(address: string, row: FixedIp | undefined): FindingDict[] {
  if (row?.isAllocated && row.instanceUuid !== null) return [];
  const explanation =
    row === undefined || row.role === 'instance'
      ? 'it belongs to a network, and no instance was given it'
      : `it is kept for other use in its network (${row.role})`;
  return [{ ...ABOUT, check: 'address', subject: address, problem: 'no instance has it', explanation }];
}

/** A floating IP that leads nowhere, or is elsewhere than the network of its instance is served. */
export function floatingIpFindings(
  { address, projectId, association, host }: FloatingIp,
  server: HostName | null,
): FindingDict[] {
  const about = { ...ABOUT, check: 'address', subject: address.toString() };
  if (projectId === null || association === null) {
    const problem = projectId === null ? 'no project holds it' : 'it is not associated';
    const explanation = 'a floating IP leads to an instance when it is associated with it';
    return [
      { ...about, problem, explanation, command: `openstack server add floating ip SERVER ${about.subject}` },
    ];
  }
  if (host !== null && (server === null || host === server)) return [];
  const again = ['remove', 'add'].map(
    (verb) => `openstack server ${verb} floating ip ${association.instanceUuid} ${about.subject}`,
  );
  return [
    {
      ...about,
      host,
      problem: host === null ? 'no host carries it' : `it is on ${host}, and not on ${server ?? 'any host'}`,
      explanation: `the network of ${association.fixedAddress.toString()} is served by ${server ?? 'no host'}, where answers leave`,
      command: again.join(' && '),
    },
  ];
}

/** Addresses of networks with DHCP that nobody has asked for. */
export function leaseFindings(nics: readonly Nic[], host: HostName | null, now: Date): FindingDict[] {
  return nics.flatMap(({ network, fixedIps, vif }) => {
    const isOld = now.getTime() - vif.createdAt.getTime() > GRACE_MS;
    if (!network.enableDhcp || !network.bridge || !isOld) return [];
    return fixedIps
      .filter(({ address, lease }) => address.version === 4 && lease === null)
      .slice(0, 1)
      .map(({ address }) => ({
        check: 'lease',
        host,
        subject: address.toString(),
        problem: 'nobody has asked for it by DHCP',
        explanation: `the instance may be off, not configured for DHCP, or not plugged into ${network.bridge ?? 'its bridge'}: see whether ${vif.mac.toString()} asks`,
        command: `tcpdump -eni ${network.bridge ?? ''} port 67 or port 68`,
        safe: false,
      }));
  });
}
