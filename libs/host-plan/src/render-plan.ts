import type {
  BridgePlan,
  DhcpServerPlan,
  FirewallPlan,
  FirewallTablePlan,
  HostPlan,
  RouterAdvertisementPlan,
  SysctlPlan,
  VlanPlan,
} from './host-plan.js';

/** The plan as text for people and golden files: kernel state in the words of the tools that show it. */
export function renderPlan(plan: HostPlan): string {
  const blocks = [
    ['# sysctl', ...plan.sysctls.map(sysctlLine)],
    [
      '# addresses',
      ...plan.addresses.map(
        (a) => `${a.address.toString()}/${a.prefixLength} scope ${a.scope} dev ${a.device}`,
      ),
    ],
    ...plan.vlans.map(vlanLines),
    ...plan.bridges.map(bridgeLines),
    ...ruleBlocks(plan),
    setLines(plan),
    floatingIpLines(plan),
    ...plan.dhcpServers.map(dhcpServerLines),
    ...plan.routerAdvertisements.map(routerAdvertisementLines),
    nameLines(plan),
  ].filter((lines) => lines.length > 0);
  return blocks.map((lines) => `${lines.join('\n')}\n`).join('\n');
}

function sysctlLine({ key, value, replaces }: SysctlPlan): string {
  return `${key} = ${value}${replaces === undefined ? '' : ` (if it is ${replaces})`}`;
}

function vlanLines({ name, id, parent, mac, mtu }: VlanPlan): string[] {
  const size = mtu === undefined ? '' : ` mtu ${mtu}`;
  return [`# ${name}: VLAN ${id} on ${parent}, MAC ${mac.toString()}${size}`];
}

function floatingIpLines({ floatingIps, announcements }: HostPlan): string[] {
  const lines = floatingIps.map(
    ({ address, device, fixedAddress }) =>
      `${address.toString()}/32 dev ${device} to ${fixedAddress.toString()}`,
  );
  const times = announcements === 1 ? 'once' : `${announcements} times`;
  return lines.length === 0 ? [] : [`# floating IPs, announced ${times}`, ...lines];
}

function nameLines({ names: { path, content } }: HostPlan): string[] {
  return content === '' ? [] : [`# ${path}`, ...textLines(content)];
}

function bridgeLines(bridge: BridgePlan): string[] {
  const mtu = bridge.mtu === undefined ? '' : ` mtu ${bridge.mtu}`;
  const ports = bridge.member ?? `none, MAC ${bridge.ownMac.toString()}`;
  return [
    `# bridge ${bridge.name}${mtu}, member ${ports}`,
    ...bridge.addresses.map(({ address, cidr }) => `${address.toString()}/${cidr.prefixLength}`),
  ];
}

/** As `ipset save` prints it. */
function setLines({ filters }: HostPlan): string[] {
  const lines = filters.sets.flatMap(({ name, family, members }) => [
    `create ${name} hash:ip family ${family === 'ipv4' ? 'inet' : 'inet6'}`,
    ...members.map((address) => `add ${name} ${address.toString()}`),
  ]);
  return lines.length === 0 ? [] : ['# ipset save', ...lines];
}

function ruleBlocks({ firewall }: HostPlan): string[][] {
  const family = (title: string, plan: FirewallPlan, policy: string) => {
    const tables = plan.tables.flatMap((table) => tableLines(table, policy));
    return tables.length === 0 ? [] : [title, ...foreignLines(plan), ...tables];
  };
  return [
    family('# iptables-save', firewall.ipv4, '- [0:0]'),
    family('# ip6tables-save', firewall.ipv6, '- [0:0]'),
    family('# ebtables-save', firewall.bridge, 'RETURN'),
  ];
}

function foreignLines({ foreign: { before, behind } = {} }: FirewallPlan): string[] {
  return [
    ...(before ? [`# rules of others before ours: ${before.source}`] : []),
    ...(behind ? [`# rules of others behind all: ${behind.source}`] : []),
  ];
}

/** As iptables-save and its siblings print it on a host without other rules. */
function tableLines(table: FirewallTablePlan, policy: string): string[] {
  const own = table.chains.map(({ name }) => name);
  const builtIn = [...new Set(table.jumps.map(({ from }) => from))].filter(
    (name) => !table.sharedChains.includes(name),
  );
  const jumpsFrom = (chain: string) =>
    table.jumps.filter(({ from }) => from === chain).map(({ to }) => `-A ${chain} -j ${to}`);
  const rulesIn = (name: string) =>
    table.chains.find((chain) => chain.name === name)?.rules.map((rule) => `-A ${name} ${rule}`) ?? [];
  const userChains = [...own, ...table.sharedChains].sort();
  return [
    `*${table.name}`,
    ...userChains.map((name) => `:${name} ${policy}`),
    ...builtIn.flatMap(jumpsFrom),
    ...userChains.flatMap((name) => [...jumpsFrom(name), ...rulesIn(name)]),
    'COMMIT',
  ];
}

function dhcpServerLines(server: DhcpServerPlan): string[] {
  const environment = Object.entries(server.environment).map(([name, value]) => `${name}=${value}`);
  return [
    `# dnsmasq on ${server.device}`,
    ...environment,
    'dnsmasq',
    ...server.arguments.map((argument) => `  ${argument}`),
    ...[...server.files, server.leases, ...(server.instanceNames ? [server.instanceNames] : [])].flatMap(
      ({ path, content }) => [`## ${path}`, ...textLines(content)],
    ),
    `## ${server.hostsDirectory}/`,
    ...server.hosts.map(({ line }) => line),
    ...server.releases.map(({ mac, address }) => `release ${address.toString()} ${mac.toString()}`),
  ];
}

function routerAdvertisementLines(plan: RouterAdvertisementPlan): string[] {
  return [
    `# radvd on ${plan.device}`,
    ['radvd', ...plan.arguments].join(' '),
    `## ${plan.config.path}`,
    ...textLines(plan.config.content),
  ];
}

function textLines(content: string): string[] {
  return content.split('\n').filter((line) => line !== '');
}
