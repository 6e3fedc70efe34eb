import type { GuestNetworkOptions, GuestNic, GuestRoute, GuestSubnet, GuestVif } from './guest-nics.js';
import { guestNics } from './guest-nics.js';

const head = `# Injected by Nova on instance boot
#
# This file describes the network interfaces available on your system
# and how to activate them. For more information, see interfaces(5).

# The loopback network interface
auto lo
iface lo inet loopback
`;

/**
 * /etc/network/interfaces of an instance on networks without DHCP, for Debian's ifupdown: the text that nova writes into
 * images, and routes and further addresses besides. Undefined when there is nothing to inject.
 */
export function interfacesFile(
  networkInfo: readonly GuestVif[],
  options: GuestNetworkOptions,
): string | undefined {
  const blocks = guestNics(networkInfo, options)
    .filter(({ isInjected, subnets }) => isInjected && subnets.length > 0)
    .map(interfaceBlock);
  return blocks.length > 0 ? [head, ...blocks].join('\n') : undefined;
}

function interfaceBlock(nic: GuestNic): string {
  const name = `eth${nic.number}`;
  const lines = nic.subnets.flatMap((subnet, index) => {
    const isFirst = nic.subnets.findIndex(({ cidr }) => cidr.version === subnet.cidr.version) === index;
    const family = subnet.cidr.version === 4 ? 'inet' : 'inet6';
    return subnet.addresses.flatMap((address, place) => [
      `iface ${name} ${family} static`,
      ...indented([
        // ifupdown sets what a stanza names: once for each family, as nova does.
        ...(isFirst && place === 0 ? [`hwaddress ether ${nic.mac.toString()}`] : []),
        `address ${address.toString()}`,
        ...maskLines(subnet),
        ...(index === 0 && place === 0 && nic.mtu !== undefined ? [`mtu ${nic.mtu}`] : []),
        ...(place === 0 ? wayOut(subnet) : []),
      ]),
    ]);
  });
  return [`auto ${name}`, ...lines, ''].join('\n');
}

function maskLines({ cidr }: GuestSubnet): string[] {
  if (cidr.version === 6) return [`netmask ${cidr.prefixLength}`];
  // RFC 3021: links of two addresses have no broadcast.
  const broadcast = cidr.prefixLength < 31 ? [`broadcast ${cidr.broadcast.toString()}`] : [];
  return [`netmask ${cidr.netmask.toString()}`, ...broadcast];
}

function wayOut({ gateway, nameServers, routes }: GuestSubnet): string[] {
  return [
    ...(gateway ? [`gateway ${gateway.toString()}`] : []),
    ...(nameServers.length > 0 ? [`dns-nameservers ${nameServers.join(' ')}`] : []),
    ...routes.map(routeLine),
  ];
}

function routeLine({ to, via }: GuestRoute): string {
  const ip = to.version === 4 ? 'ip' : 'ip -6';
  return `post-up ${ip} route replace ${to.toString()} via ${via.toString()} dev \${IFACE}`;
}

function indented(lines: readonly string[]): string[] {
  return lines.map((line) => `    ${line}`);
}
