import type { FindingDict } from '@novanet/contracts';
import type { Instance, RuleDraft, SecurityGroup } from '@novanet/ipam';

const SSH_PORT = 22;

/** What everybody tries first with an instance. */
const PROBES = [
  { name: 'ping', protocol: 'icmp', options: '--protocol icmp' },
  { name: 'SSH', protocol: 'tcp', options: `--protocol tcp --dst-port ${SSH_PORT}` },
] as const;

/** @param rules of all groups of the instance; each accepts */
export function groupFindings(
  { uuid, displayName, hostname }: Pick<Instance, 'uuid' | 'displayName' | 'hostname'>,
  groups: readonly Pick<SecurityGroup, 'id' | 'name'>[],
  rules: readonly RuleDraft[],
): FindingDict[] {
  const closed = PROBES.filter(({ protocol }) => !rules.some((rule) => letsIn(rule, protocol)));
  if (closed.length === 0) return [];
  // Its number: a name may be anything that a tenant likes, and the command is typed by root.
  const group = groups[0]?.id;
  const names = closed.map(({ name }) => name).join(' and ');
  return [
    {
      check: 'security groups',
      host: null,
      subject: displayName ?? hostname,
      problem: `no security group lets in ${names} from everywhere`,
      explanation:
        `instance ${uuid} is in ${groups.map(({ name }) => name).join(', ') || 'default'}; ` +
        'what no rule lets in is dropped. Other sources may be let in on purpose',
      command: group === undefined ? null : closed.map(({ options }) => opening(options, group)).join(' && '),
      safe: false,
    },
  ];
}

function opening(options: string, group: number): string {
  return `openstack security group rule create ${options} --remote-ip 0.0.0.0/0 ${group}`;
}

function letsIn({ protocol, fromPort, toPort, source }: RuleDraft, wanted: 'icmp' | 'tcp'): boolean {
  if (!('cidr' in source) || source.cidr.toString() !== '0.0.0.0/0') return false;
  if (protocol === null) return true;
  if (protocol !== wanted) return false;
  // Of ICMP these are type and code: -1 is any, 8 is the question of ping.
  if (wanted === 'icmp') return fromPort === null || fromPort === -1 || fromPort === 8;
  return (fromPort ?? 0) <= SSH_PORT && (toPort ?? 65_535) >= SSH_PORT;
}
