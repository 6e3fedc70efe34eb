import {
  DnsDomains,
  DnsEntries,
  FloatingNames,
  InstanceNames,
  NoopDnsDriver,
  RecordedDnsDriver,
  type DnsDriver,
  type DnsWarning,
} from '@novanet/network-managers';
import type { FlowParts } from './flow-parts.js';

/** The flows about names; without `instanceNames` where instances get none. */
export function dnsFlows({ settings, ipam, nameServers, log }: FlowParts) {
  const { dnsDomains, dnsRecords } = ipam;
  const warn: DnsWarning = (fields, message) => log.warn(fields, message);
  const driverOf = (name: 'noop' | 'dnsmasq', scope: 'private' | 'public'): DnsDriver =>
    name === 'noop' ? new NoopDnsDriver() : new RecordedDnsDriver(scope, dnsDomains, dnsRecords, nameServers);
  const drivers = {
    private: driverOf(settings.instanceDnsManager, 'private'),
    public: driverOf(settings.floatingIpDnsManager, 'public'),
  };
  const hasInstanceNames = settings.instanceDnsManager !== 'noop';
  return {
    provided: [new DnsDomains(dnsDomains, drivers, warn), new DnsEntries(dnsDomains, drivers, warn)],
    floatingNames: new FloatingNames(drivers, warn),
    instanceNames: hasInstanceNames
      ? new InstanceNames(dnsDomains, drivers.private, warn, settings.instanceDnsDomain)
      : null,
  };
}
