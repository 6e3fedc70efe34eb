import type { Option } from './option.js';
import { apiAccessOptions, keystoneOptions } from './options/api-access-options.js';
import { dhcpOptions } from './options/dhcp-options.js';
import { dnsOptions } from './options/dns-options.js';
import { firewallOptions } from './options/firewall-options.js';
import { floatingIpOptions } from './options/floating-ip-options.js';
import { hostOptions } from './options/host-options.js';
import { listeningOptions } from './options/listening-options.js';
import { messagingOptions } from './options/messaging-options.js';
import { metadataOptions } from './options/metadata-options.js';
import { networkOptions } from './options/network-options.js';
import { notificationOptions } from './options/notification-options.js';
import { processOptions } from './options/process-options.js';
import { quotaOptions } from './options/quota-options.js';
import { vendordataAuthOptions } from './options/vendordata-auth-options.js';
import { vlanOptions } from './options/vlan-options.js';

/** Every option there is, by the name of its field in Settings. */
export const OPTIONS = {
  ...processOptions,
  ...messagingOptions,
  ...notificationOptions,
  ...networkOptions,
  ...vlanOptions,
  ...floatingIpOptions,
  ...quotaOptions,
  ...dhcpOptions,
  ...dnsOptions,
  ...hostOptions,
  ...firewallOptions,
  ...metadataOptions,
  ...vendordataAuthOptions,
  ...listeningOptions,
  ...apiAccessOptions,
  ...keystoneOptions,
};

/** The chapters of the documentation. */
export const OPTION_CHAPTERS = [
  { title: 'Process and database', options: processOptions },
  { title: 'Messages', options: messagingOptions },
  { title: 'Notifications', options: notificationOptions },
  { title: 'Networks', options: networkOptions },
  { title: 'VLANs and VPN', options: vlanOptions },
  { title: 'Floating IPs', options: floatingIpOptions },
  { title: 'Quotas', options: quotaOptions },
  { title: 'DHCP', options: dhcpOptions },
  { title: 'DNS', options: dnsOptions },
  { title: 'Host', options: hostOptions },
  { title: 'Firewall', options: firewallOptions },
  { title: 'Metadata', options: metadataOptions },
  { title: 'Tokens for targets of vendor data', options: vendordataAuthOptions },
  { title: 'Where services listen', options: listeningOptions },
  { title: 'Who may use the REST interface', options: apiAccessOptions },
  { title: 'Keystone', options: keystoneOptions },
] as const;

type ValueOf<Row> = Row extends Option<infer T> ? T : never;

/** The configuration, parsed: one camelCase field for each option. */
export type Settings = { readonly [Key in keyof typeof OPTIONS]: ValueOf<(typeof OPTIONS)[Key]> };
