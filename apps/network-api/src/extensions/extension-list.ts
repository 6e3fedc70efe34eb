/** An extension as nova lists them. */
export interface ExtensionView {
  readonly alias: string;
  readonly name: string;
  readonly description: string;
  readonly namespace: string;
  readonly updated: string;
  readonly links: readonly [];
}

/** Alias → name and description, as nova has them. */
const known: readonly (readonly [alias: string, name: string, description: string])[] = [
  ['os-cloudpipe', 'Cloudpipe', 'Adds actions to create cloudpipe instances.'],
  ['os-extended-ips', 'ExtendedIps', 'Adds type parameter to the ip list.'],
  ['os-extended-ips-mac', 'ExtendedIpsMac', 'Adds mac address parameter to the ip list.'],
  ['os-fixed-ips', 'FixedIPs', 'Fixed IPs support.'],
  ['os-floating-ip-dns', 'FloatingIpDns', 'Floating IP DNS support.'],
  ['os-floating-ip-pools', 'FloatingIpPools', 'Floating IPs support.'],
  ['os-floating-ips', 'FloatingIps', 'Floating IPs support.'],
  ['os-floating-ips-bulk', 'FloatingIpsBulk', 'Bulk handling of Floating IPs.'],
  ['os-hosts', 'Hosts', 'Admin-only host administration.'],
  ['os-multinic', 'Multinic', 'Multiple network support.'],
  ['os-networks', 'Networks', 'Admin-only Network Management Extension.'],
  ['os-networks-associate', 'NetworkAssociationSupport', 'Network association support.'],
  ['os-quota-class-sets', 'QuotaClasses', 'Quota classes management support.'],
  ['os-quota-sets', 'Quotas', 'Quotas management support.'],
  [
    'os-security-group-default-rules',
    'SecurityGroupDefaultRules',
    'Default rules for security group support.',
  ],
  ['os-security-groups', 'SecurityGroups', 'Security group support.'],
  ['os-services', 'Services', 'Services support.'],
  ['os-tenant-networks', 'OSTenantNetworks', 'Tenant-based Network Management Extension.'],
  ['os-used-limits', 'UsedLimits', 'Provide data on limited resources that are being used.'],
  ['os-virtual-interfaces', 'VirtualInterfaces', 'Virtual interface support.'],
];

/** nova's extensions that are about the network, by alias. */
export const extensions: readonly ExtensionView[] = known.map(([alias, name, description]) => ({
  alias,
  name,
  description,
  namespace: 'http://docs.openstack.org/compute/ext/fake_xml',
  updated: '2014-12-03T00:00:00Z',
  links: [],
}));
