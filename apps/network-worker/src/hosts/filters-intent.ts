import type { Settings } from '@novanet/config';
import { derivedIpv6 } from '@novanet/contracts';
import type { FilteredNicIntent, FiltersIntent } from '@novanet/host-plan';
import { subnetOf, type DeriveIpv6, type HostFirewall, type Nic, type ServedNetwork } from '@novanet/ipam';
import { parseDeviceName, type Cidr, type DeviceName } from '@novanet/net-address';

type FilterSettings = Pick<Settings, 'useIpv6' | 'ipv6Backend'>;

/** nova's name for the port of a NIC: as much of its number as fits into a device's name. */
const PORT_NAME_LENGTH = 14;

/** How an instance comes to its IPv6 address here. */
export function ipv6Derivation({ ipv6Backend }: FilterSettings): DeriveIpv6 {
  return (mac, prefix, projectId) => derivedIpv6(mac, prefix, projectId, ipv6Backend);
}

/**
 * What may reach the instances on this host and what may leave them, in the terms of the plan.
 * @param served what this host serves: it knows this host's own addresses, also for instances that are still elsewhere
 */
export function filtersIntent(
  nics: readonly Nic[],
  { instances, members, providerRules }: HostFirewall,
  served: readonly ServedNetwork[],
  settings: FilterSettings,
): FiltersIntent {
  const servers = new Map(served.map(({ network, dhcpServer }) => [network.id, dhcpServer]));
  const byInstance = Map.groupBy(nics, ({ vif }) => vif.instanceUuid);
  return {
    instances: instances.map(({ id, uuid, rules }) => ({
      id,
      rules,
      nics: (byInstance.get(uuid) ?? []).flatMap(
        (nic) =>
          filteredNic({ ...nic, dhcpServer: servers.get(nic.network.id) ?? nic.dhcpServer }, settings) ?? [],
      ),
    })),
    members,
    providerRules,
  };
}

/** Undefined for a network without bridge: there is no port. */
function filteredNic(nic: Nic, settings: FilterSettings): FilteredNicIntent | undefined {
  const { vif, network, fixedIps, dhcpServer } = nic;
  if (!network.bridge) return undefined;
  const [v4, v6] = [
    subnetOf(network, 4),
    settings.useIpv6 || !subnetOf(network, 4) ? subnetOf(network, 6) : undefined,
  ];
  const cidrs: Cidr[] = [v4, v6].flatMap((subnet) => subnet?.cidr ?? []);
  const own = fixedIps.map(({ address }) => address).filter(({ version }) => version === 4 || v6);
  const hasIpv6 = own.some(({ version }) => version === 6);
  const derived = v6 && !hasIpv6 ? ipv6Derivation(settings)(vif.mac, v6.cidr, network.projectId) : undefined;
  return {
    mac: vif.mac,
    device: portName(vif.uuid),
    bridge: network.bridge,
    addresses: derived ? [...own, derived] : own,
    cidrs,
    dhcpServer: network.enableDhcp && dhcpServer ? dhcpServer : undefined,
  };
}

function portName(vifUuid: string): DeviceName {
  return parseDeviceName(`tap${vifUuid}`.slice(0, PORT_NAME_LENGTH));
}
