import type { DeviceName } from '@novanet/net-address';
import { chain, FILTER_JUMPS } from '../firewall/chain.js';
import type {
  FirewallChainPlan,
  FirewallPlan,
  FirewallTablePlan,
  FiltersPlan,
  HostPlan,
  InstanceFilterPlan,
  IpFamily,
  PortFilterPlan,
} from '../host-plan.js';
import { ADVERTISEMENTS, advertisementRules, TO_ADVERTISEMENTS } from './advertised-targets.js';
import { FALLBACK, PROVIDER } from './instance-chain.js';

/** A NIC of an instance, and the port of the bridge that it is behind now. */
interface PresentPort extends PortFilterPlan {
  readonly port: DeviceName;
}

interface PresentInstance extends Omit<InstanceFilterPlan, 'ports'> {
  readonly ports: readonly PresentPort[];
}

const DHCP_REQUEST = '-s 0.0.0.0/32 -d 255.255.255.255/32 -p udp -m udp --sport 68 --dport 67 -j ACCEPT';

/**
 * All rules of the host, those of instances included whose ports are there: an instance that is not running here costs
 * nothing.
 * @param portOf the port that a NIC is behind, if it is there
 */
export function withFilters(
  { firewall, filters }: Pick<HostPlan, 'firewall' | 'filters'>,
  portOf: (nic: PortFilterPlan) => DeviceName | undefined,
): HostPlan['firewall'] {
  const present = presentInstances(filters, portOf);
  if (present.length === 0) return firewall;
  return {
    ipv4: withPackets(firewall.ipv4, 'ipv4', present, filters),
    ipv6: withPackets(firewall.ipv6, 'ipv6', present, filters),
    bridge: withFrames(firewall.bridge, present),
  };
}

function presentInstances(
  { instances }: FiltersPlan,
  portOf: (nic: PortFilterPlan) => DeviceName | undefined,
): PresentInstance[] {
  return instances.flatMap((instance) => {
    const ports = instance.ports.flatMap((nic) => {
      const port = portOf(nic);
      return port === undefined ? [] : [{ ...nic, port }];
    });
    return ports.length === 0 ? [] : [{ ...instance, ports }];
  });
}

/** nova's chains: `local` sends what is for an instance to its own chain. */
function withPackets(
  plan: FirewallPlan,
  family: IpFamily,
  present: readonly PresentInstance[],
  { provider }: FiltersPlan,
): FirewallPlan {
  const reached = present.filter(({ ports }) => ports.some(({ packets }) => packets[family].length > 0));
  if (reached.length === 0) return plan;
  const jumps = reached.flatMap((instance) =>
    instance.ports.flatMap(({ packets }) => packets[family].map((match) => `${match} -j ${instance.chain}`)),
  );
  const usesDhcp = family === 'ipv4' && reached.some(({ ports }) => ports.some((port) => port.usesDhcp));
  const speakers = family === 'ipv6' ? present.flatMap(({ ports }) => ports).filter(speaksIpv6) : [];
  const first = usesDhcp ? [DHCP_REQUEST] : [];
  const checks = speakers.length > 0 ? [TO_ADVERTISEMENTS] : [];
  const hasProvider = provider.ipv4.length + provider.ipv6.length > 0;
  return inTable(plan, EMPTY_FILTER, (chains) => [
    ...chains.map(({ name, rules }) => {
      if (name === 'nova-network-local') return chain(name, [...checks, ...rules, ...jumps]);
      if (name === 'nova-network-INPUT') return chain(name, [...checks, ...first, ...rules]);
      if (name === 'nova-network-FORWARD') return chain(name, [...first, ...rules]);
      return { name, rules };
    }),
    ...reached.map(({ chain: name, rules }) => chain(name, rules[family])),
    ...(speakers.length > 0
      ? [
          chain(
            ADVERTISEMENTS,
            speakers.flatMap(({ port, ownIpv6 }) => advertisementRules(port, ownIpv6)),
          ),
        ]
      : []),
    ...(hasProvider ? [chain(PROVIDER, provider[family])] : []),
    chain(FALLBACK, ['-j DROP']),
  ]);
}

function speaksIpv6({ ownIpv6 }: PortFilterPlan): boolean {
  return ownIpv6.length > 0;
}

/** A chain for each port, for what comes from it; and its own multicast, which a hairpin sends back, does not reach it. */
function withFrames(plan: FirewallPlan, present: readonly PresentInstance[]): FirewallPlan {
  const ports = present.flatMap((instance) => instance.ports);
  const reflections = ports.map(
    ({ port, mac }) =>
      `-p IPv6 -s ${mac.toString()} -d 33:33:00:00:00:00/ff:ff:00:00:00:00 -o ${port} -j DROP`,
  );
  return inTable(plan, EMPTY_NAT, (chains) => [
    ...chains.filter(({ name }) => !EMPTY_NAT.chains.some((one) => one.name === name)),
    chain('nova-network-PREROUTING', [
      ...ports.map(({ port }) => `-i ${port} -j ${portChain(port)}`),
      // only what may leave its port goes on to a router
      ...chains.flatMap(({ name, rules }) => (name === 'nova-network-PREROUTING' ? rules : [])),
    ]),
    chain('nova-network-POSTROUTING', reflections),
    ...ports.map(({ port, frames }) => chain(portChain(port), frames)),
  ]);
}

/** A name has 28 characters at most: the prefix and that of a device just fit. */
function portChain(port: DeviceName): string {
  return `nova-network-${port}`;
}

const EMPTY_FILTER: FirewallTablePlan = {
  name: 'filter',
  chains: ['FORWARD', 'INPUT', 'OUTPUT', 'local'].map((name) => chain(`nova-network-${name}`, [])),
  sharedChains: ['nova-filter-top'],
  jumps: FILTER_JUMPS,
};

const EMPTY_NAT: FirewallTablePlan = {
  name: 'nat',
  chains: ['POSTROUTING', 'PREROUTING'].map((name) => chain(`nova-network-${name}`, [])),
  sharedChains: [],
  jumps: [
    { from: 'PREROUTING', to: 'nova-network-PREROUTING', position: 'first' },
    { from: 'POSTROUTING', to: 'nova-network-POSTROUTING', position: 'first' },
  ],
};

/** Changes the chains of one table, which is made when the plan has none; sorted by name, as all tables are. */
function inTable(
  plan: FirewallPlan,
  empty: FirewallTablePlan,
  change: (chains: readonly FirewallChainPlan[]) => readonly FirewallChainPlan[],
): FirewallPlan {
  const { tables } = plan;
  const existing = tables.find(({ name }) => name === empty.name);
  const table = existing ?? empty;
  const chains = [...change(table.chains)].sort((a, b) => (a.name < b.name ? -1 : 1));
  const changed = { ...table, chains, jumps: empty.jumps };
  return {
    ...plan,
    tables: existing ? tables.map((one) => (one === existing ? changed : one)) : [...tables, changed],
  };
}
