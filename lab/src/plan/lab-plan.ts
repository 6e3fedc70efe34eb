import { LabError } from './lab-error.js';

/** One host of the lab: a network namespace that plays a physical machine. */
export interface HostPlan {
  readonly name: string;
  readonly netns: string;
  /** On eth0, the way to the outside. */
  readonly publicAddress: string;
  /** On mgmt0, the way to broker and database. */
  readonly managementAddress: string;
}

/** Where everything of one lab is. A function of the lab's name and size alone. */
export interface LabPlan {
  readonly name: string;
  readonly switch: { readonly netns: string; readonly managementAddress: string };
  /** The rest of the world: a router on the public network, and one address beyond it. */
  readonly outside: { readonly netns: string; readonly router: string; readonly address: string };
  readonly hosts: readonly HostPlan[];
}

/** Prefix lengths of the public and the management network. */
export const prefixLength = 24;

/** Broker, database and API have a namespace to themselves, so they keep their usual ports in every lab. */
export const insidePorts = { amqp: 5672, database: 3306, api: 8774 } as const;

/** The metadata service of each host. */
export const metadataPort = 8775;

/**
 * The two segments that connect hosts for their instances, as bridges of flat networks and the interface in each. Two,
 * so that a network of one host and one of all hosts can be on one of their own.
 */
export const flatBridges = [
  { bridge: 'br100', port: 'eth1', segment: 'data' },
  { bridge: 'br200', port: 'eth2', segment: 'data2' },
] as const;

/** Floating IPs: the end of the public network, which the hosts' own addresses do not reach. */
export const floatingRange = '192.0.2.224/27';

const nameRule = 'up to 20 of a-z, 0-9 and "-", with a letter or digit at both ends';
const maxHosts = 200;
const firstHostNumber = 11;

/** Throws LabError when the name or the number of hosts will not do. */
export function planLab(name: string, hostCount: number): LabPlan {
  // The namespaces of lab "a-vm" would look like instances of lab "a".
  if (!isName(name) || /-vm(-|$)/.test(name)) {
    throw new LabError(`"${name}" is no name for a lab: use ${nameRule}, without "-vm".`);
  }
  if (!Number.isInteger(hostCount) || hostCount < 1 || hostCount > maxHosts) {
    throw new LabError(`a lab has 1 to ${maxHosts} hosts, not "${hostCount}".`);
  }
  return {
    name,
    switch: { netns: `nvn-${name}-sw`, managementAddress: '192.168.240.1' },
    outside: { netns: `nvn-${name}-out`, router: '192.0.2.1', address: '198.51.100.1' },
    hosts: Array.from({ length: hostCount }, (_, index) => ({
      name: `h${index + 1}`,
      netns: `nvn-${name}-h${index + 1}`,
      publicAddress: `192.0.2.${firstHostNumber + index}`,
      managementAddress: `192.168.240.${firstHostNumber + index}`,
    })),
  };
}

/** Throws LabError when no such host is in the lab. */
export function hostOf(plan: LabPlan, name: string): HostPlan {
  const host = plan.hosts.find((one) => one.name === name);
  if (host) return host;
  const names = plan.hosts.map((one) => one.name).join(', ');
  throw new LabError(`lab "${plan.name}" has no host "${name}", only ${names}.`);
}

/** The namespace that plays an instance. Throws LabError when the name will not do. */
export function instanceNamespace(plan: LabPlan, instance: string): string {
  if (!isName(instance)) {
    throw new LabError(`"${instance}" is no name for an instance: use ${nameRule}.`);
  }
  return `nvn-${plan.name}-vm-${instance}`;
}

/** True for the namespaces of the lab with this name, whatever its size was. */
export function isNamespaceOf(lab: string, netns: string): boolean {
  const prefix = `nvn-${lab}-`;
  return netns.startsWith(prefix) && /^(sw|out|h\d+|vm-[a-z0-9-]+)$/.test(netns.slice(prefix.length));
}

function isName(text: string): boolean {
  return /^[a-z0-9]([a-z0-9-]{0,18}[a-z0-9])?$/.test(text);
}
