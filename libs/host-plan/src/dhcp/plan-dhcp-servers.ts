import type {
  DhcpHostIntent,
  HeldLease,
  HostSettings,
  InstanceNameIntent,
  NetworkIntent,
} from '../host-intent.js';
import type { DhcpHostPlan, DhcpServerPlan } from '../host-plan.js';
import { namesDirectory } from '../dns/plan-names.js';
import { dhcpNetworks, type Ipv4Network, routerOf } from '../network-role.js';
import { perObject } from '../per-object.js';
import { dhcpHostname } from './dhcp-hostname.js';
import { type DhcpFiles, dnsmasqArguments } from './dnsmasq-arguments.js';

/** The tag of NICs that are told no router (`use_single_default_gateway`). */
const NO_ROUTER = 'nogw';

/** One dnsmasq per network with DHCP, under nova's file names (`nova-br100.pid`, `.opts`). */
export function planDhcpServers(
  settings: HostSettings,
  networks: readonly NetworkIntent[],
): DhcpServerPlan[] {
  const served = dhcpNetworks(networks);
  return served.map((network) => {
    const onBridge = served.filter(({ bridge }) => bridge === network.bridge);
    const isFirst = onBridge[0] === network;
    const stem = isFirst ? `nova-${network.bridge}` : `nova-${network.bridge}-net${network.id}`;
    const files = filesOf(settings, network, `${settings.networksPath}/${stem}`);
    return planDhcpServer(settings, network, files, onBridge.length === 1);
  });
}

function filesOf(settings: HostSettings, { instanceNames }: NetworkIntent, stem: string): DhcpFiles {
  return {
    pid: `${stem}.pid`,
    options: `${stem}.opts`,
    leases: `${stem}.leases`,
    hostsDirectory: `${stem}.hosts.d`,
    namesDirectory: namesDirectory(settings),
    instanceNamesDirectory: instanceNames && `${stem}.names.d`,
  };
}

function planDhcpServer(
  settings: HostSettings,
  network: Ipv4Network,
  files: DhcpFiles,
  isAlone: boolean,
): DhcpServerPlan {
  // Nothing outdoes the file of options; the operator's file outdoes the command line.
  const yields = settings.dnsmasqConfigFile !== '';
  const options = [...dhcpOptions(settings, network), ...(yields ? [] : [routesOption(settings, network)])];
  const inFile = yields ? [] : options;
  return {
    device: network.bridge,
    arguments: [
      ...dnsmasqArguments(settings, network, files, isAlone),
      ...(yields ? options.map((option) => `--dhcp-option=${option}`) : []),
    ],
    environment: {
      NETWORK_ID: String(network.id),
      NOVANET_SPOOL: settings.spoolPath,
      NOVANET_LEASES: files.leases,
    },
    directories: [
      settings.networksPath,
      settings.spoolPath,
      files.hostsDirectory,
      files.namesDirectory,
      ...(files.instanceNamesDirectory === undefined ? [] : [files.instanceNamesDirectory]),
    ],
    pidFile: files.pid,
    files: [{ path: files.options, content: inFile.map((line) => `${line}\n`).join('') }],
    leases: { path: files.leases, content: leasesFile(network.heldLeases) },
    hostsDirectory: files.hostsDirectory,
    hosts: dhcpHosts(settings, network.dhcpHosts),
    hasTags: settings.usesSingleDefaultGateway,
    namesDirectory: files.namesDirectory,
    instanceNames: network.instanceNames && {
      path: `${files.instanceNamesDirectory}/names`,
      content: namesFile(network.instanceNames, suffixOf(settings)),
    },
    releases: settings.forcesDhcpRelease ? network.drainingLeases : [],
  };
}

/** DHCP options by number: 3 router (without value: none), 26 MTU. What is for a tag comes before what is for all. */
function dhcpOptions(settings: HostSettings, network: Ipv4Network): string[] {
  const router = routerOf(network);
  const lines = [router ? `3,${router.toString()}` : '3'];
  if (settings.usesSingleDefaultGateway) lines.push(`tag:${NO_ROUTER},3`);
  if (network.mtu !== undefined) lines.push(`26,${network.mtu}`);
  return lines;
}

/**
 * DHCP option 121, classless routes: metadata by way of this host, whoever the router is, and without any. Who takes it
 * heeds option 3 no more, so the router is named again. Not where the operator's file may name another router: that one
 * would be heeded no more either. Nor for those who have a router on another NIC: there they are told the way to metadata.
 */
function routesOption(settings: HostSettings, network: Ipv4Network): string {
  const router = routerOf(network);
  const routes = [`169.254.169.254/32,${network.v4.dhcpServer.toString()}`];
  if (router) routes.push(`0.0.0.0/0,${router.toString()}`);
  return [...(settings.usesSingleDefaultGateway ? [`tag:!${NO_ROUTER}`] : []), '121', ...routes].join(',');
}

/** dnsmasq's lease database: `<expiry in epoch seconds> <mac> <address> <host name or *> <client id or *>` per line. */
export function renderLeases(leases: readonly HeldLease[]): string {
  return leases.map(leaseLine).join('');
}

const leasesFile = perObject<readonly HeldLease[], void, string>((leases) => renderLeases(leases));

function leaseLine(lease: HeldLease): string {
  const expiry = Math.floor(lease.expiresAt.getTime() / 1000);
  const hostname = lease.hostname === '' ? '*' : dhcpHostname(lease.hostname, lease.address);
  return `${expiry} ${lease.mac.toString()} ${lease.address.toString()} ${hostname} *\n`;
}

function suffixOf({ dhcpDomain }: HostSettings): string {
  return dhcpDomain === '' ? '' : `.${dhcpDomain}`;
}

/** A hosts file: the names that instances have by DHCP on their own hosts. */
const namesFile = perObject((rows: readonly InstanceNameIntent[], suffix: string) => {
  const lines = rows.map(
    ({ hostname, address }) => `${address.toString()} ${dhcpHostname(hostname, address)}${suffix}\n`,
  );
  return lines.sort().join('');
});

function dhcpHosts(settings: HostSettings, rows: readonly DhcpHostIntent[]): readonly DhcpHostPlan[] {
  const suffix = suffixOf(settings);
  return settings.usesSingleDefaultGateway ? taggedHosts(rows, suffix) : untaggedHosts(rows, suffix);
}

const untaggedHosts = perObject((rows: readonly DhcpHostIntent[], suffix: string) =>
  hostPlans(rows, suffix, () => ''),
);

const taggedHosts = perObject((rows: readonly DhcpHostIntent[], suffix: string) =>
  hostPlans(rows, suffix, ({ isFirstNic }) => (isFirstNic ? '' : `set:${NO_ROUTER},`)),
);

/** dnsmasq serves one address per MAC: the first. */
function hostPlans(
  rows: readonly DhcpHostIntent[],
  suffix: string,
  tagOf: (host: DhcpHostIntent) => string,
): readonly DhcpHostPlan[] {
  const byMac = Map.groupBy(rows, ({ mac }) => mac.toString());
  return [...byMac.values()].flatMap(([host]) => {
    if (!host) return [];
    const { mac, address } = host;
    const name = dhcpHostname(host.hostname, address) + suffix;
    return [{ mac, address, line: `${mac.toString()},${tagOf(host)}${name},${address.toString()}` }];
  });
}
