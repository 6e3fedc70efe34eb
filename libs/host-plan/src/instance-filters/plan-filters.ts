import type { Ipv6 } from '@novanet/net-address';
import { one, rule } from '../firewall/rule.js';
import type { FilteredInstanceIntent, FilteredNicIntent, FiltersIntent, HostIntent } from '../host-intent.js';
import type { FiltersPlan, InstanceFilterPlan, IpFamily, PortFilterPlan } from '../host-plan.js';
import { perObject } from '../per-object.js';
import { inFamily, planSets, providerRules } from './group-rules.js';
import { instanceChain } from './instance-chain.js';
import { LINK_LOCAL } from '../bridges/link-local.js';
import { portFrames } from './port-frames.js';

const NOTHING: FiltersPlan = { sets: [], instances: [], provider: { ipv4: [], ipv6: [] } };

/** nova's instance firewall and libvirt's filters against spoofing, in one place and for every hypervisor. */
export function planFilters({ settings, filters }: Pick<HostIntent, 'settings' | 'filters'>): FiltersPlan {
  return filters ? filtersPlan(filters, settings) : NOTHING;
}

const filtersPlan = perObject((filters: FiltersIntent, settings: HostIntent['settings']): FiltersPlan => {
  const instances = [...filters.instances].sort((a, b) => a.id - b.id);
  const provider = (family: IpFamily) =>
    filters.providerRules.flatMap((traffic) => providerRules(traffic, family));
  return {
    sets: planSets(filters),
    instances: instances.map((instance) => instancePlan(instance, settings, filters)),
    provider: { ipv4: provider('ipv4'), ipv6: provider('ipv6') },
  };
});

function instancePlan(
  instance: FilteredInstanceIntent,
  settings: HostIntent['settings'],
  filters: FiltersIntent,
): InstanceFilterPlan {
  const rules = (family: IpFamily) => instanceChain(instance, family, settings, filters);
  return {
    chain: `nova-network-inst-${instance.id}`,
    rules: { ipv4: rules('ipv4'), ipv6: rules('ipv6') },
    ports: instance.nics.map(portPlan),
  };
}

function portPlan(nic: FilteredNicIntent): PortFilterPlan {
  const { device, mac, bridge, dhcpServer } = nic;
  const own6 = inFamily(nic.addresses, 'ipv6');
  const reached6 = own6.length === 0 ? [] : [...own6, mac.eui64(LINK_LOCAL)];
  // networks of different projects may have the same addresses: the bridge tells them apart
  const packets = (addresses: readonly Parameters<typeof one>[0][]) =>
    addresses.map((address) => rule(`-d ${one(address)}`, `-o ${bridge}`));
  return {
    device,
    mac,
    bridge,
    packets: { ipv4: packets(inFamily(nic.addresses, 'ipv4')), ipv6: packets(reached6) },
    ownIpv6: reached6.filter((address): address is Ipv6 => address.version === 6),
    frames: portFrames(nic),
    usesDhcp: dhcpServer !== undefined,
  };
}
