import { option } from '../option.js';
import { boolean, domain, implementation } from '../option-types.js';

const dnsManager = implementation(
  ['noop', 'nova.network.noop_dns_driver.NoopDNSDriver', 'nova.network.dns_driver.DNSDriver'],
  ['dnsmasq', 'nova.network.minidns.MiniDNS'],
);

/** Names of instances and of floating IPs. */
export const dnsOptions = {
  instanceDnsManager: option(
    'instance_dns_manager',
    dnsManager,
    'nova.network.noop_dns_driver.NoopDNSDriver',
    'What serves the names of instances: nothing, or dnsmasq on the host.',
  ),
  instanceDnsDomain: option(
    'instance_dns_domain',
    domain,
    '',
    'Domain that instances get names in. Empty: none.',
  ),
  floatingIpDnsManager: option(
    'floating_ip_dns_manager',
    dnsManager,
    'nova.network.noop_dns_driver.NoopDNSDriver',
    'What serves the names of floating IPs: nothing, or dnsmasq on the host.',
  ),
  updateDnsEntries: option(
    'update_dns_entries',
    boolean,
    'false',
    'Every host of a multi-host network hears of instances that come or go, and knows their names in dhcp_domain.',
  ),
};
