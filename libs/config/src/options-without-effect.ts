import type { Assignment } from './assignment.js';
import { titleOf } from './option.js';

/** A networking option of nova that nothing reads here. */
interface IneffectiveOption {
  /** What takes its place, or why nothing does: the end of a sentence. */
  readonly reason: string;
  /** Values that ask for what happens anyway. Unless named: an option that is switched off asks for nothing. */
  readonly harmless?: readonly string[];
}

const OFF = ['false', 'f', '0', 'no', 'off'];
const ON = ['true', 't', '1', 'yes', 'on'];
const OTHER_SERVICE = 'this service takes the place of nova-network';
const RANGE = 'each network has the range it was created with';
const GATEWAY = 'each network has the gateway it was created with';
const ONE_BROKER = 'notifications go to the broker of transport_url';

/**
 * Whoever sets one of these expects something that will not happen, so it is said. Options of other parts of nova are
 * none of our business, nor are those that only say how nova-network did what is done differently here
 * (dhcpbridge_flagfile, dns_update_periodic_interval, ebtables_exec_attempts, metadata_workers).
 */
export const WITHOUT_EFFECT: ReadonlyMap<string, IneffectiveOption> = new Map<string, IneffectiveOption>([
  ['fixed_range', { reason: RANGE }],
  ['fixed_range_v6', { reason: RANGE }],
  ['gateway', { reason: GATEWAY }],
  ['gateway_v6', { reason: GATEWAY }],
  [
    'flat_network_dhcp_start',
    { reason: 'a network is told at its creation where the addresses of instances begin' },
  ],
  ['floating_range', { reason: 'floating IPs are those that were put into a pool' }],
  ['network_host', { reason: 'the host that serves a network is written in the database' }],
  ['l3_lib', only('nova.network.l3.LinuxNetL3')],
  ['network_driver', only('nova.network.linux_net')],
  ['linuxnet_interface_driver', only('nova.network.linux_net.LinuxBridgeInterfaceDriver')],
  ['linuxnet_ovs_integration_bridge', { reason: 'Open vSwitch is not supported', harmless: ['br-int'] }],
  ['network_api_class', { reason: OTHER_SERVICE, harmless: ['nova.network.api.API'] }],
  ['use_neutron', { reason: OTHER_SERVICE }],
  ['security_group_api', only('nova')],
  ['quota_driver', { reason: 'a quota of -1 is no limit', harmless: ['nova.quota.DbQuotaDriver'] }],
  [
    'periodic_enable',
    { reason: 'the host is compared with the database every converge_interval', harmless: ON },
  ],
  [
    'rpc_backend',
    {
      reason: 'messages go through RabbitMQ',
      harmless: ['rabbit', 'kombu', 'nova.rpc.impl_kombu', 'nova.openstack.common.rpc.impl_kombu'],
    },
  ],
  ['notification_transport_url', { reason: ONE_BROKER }],
  ['[oslo_messaging_notifications] transport_url', { reason: ONE_BROKER }],
  [
    'vendordata_driver',
    {
      reason: '[api] vendordata_providers says where vendor data comes from',
      harmless: ['nova.api.metadata.vendordata_json.JsonFileVendorData'],
    },
  ],
  [
    '[vendordata_dynamic_auth] auth_type',
    { reason: 'only password and v3password are supported', harmless: ['password', 'v3password'] },
  ],
  [
    '[vendordata_dynamic_auth] auth_section',
    {
      reason: 'user and password are read from [vendordata_dynamic_auth] itself',
      harmless: ['vendordata_dynamic_auth'],
    },
  ],
  ['injected_network_template', { reason: 'the text is made without a template' }],
  [
    '[keystone_authtoken] auth_type',
    { reason: 'only password and v3password are supported', harmless: ['password', 'v3password'] },
  ],
  [
    '[keystone_authtoken] auth_section',
    {
      reason: 'user and password are read from [keystone_authtoken] itself',
      harmless: ['keystone_authtoken'],
    },
  ],
  ['flagfile', { reason: 'name each file with --config-file' }],
]);

/** Why an assignment of one of them does nothing; undefined for all others, and when nothing is lost. */
export function reasonWithoutEffect({ group, name, value }: Assignment): string | undefined {
  const title = titleOf({ group, name });
  const { reason, harmless = OFF } = WITHOUT_EFFECT.get(title) ?? {};
  return value === '' || harmless.some((each) => each.toLowerCase() === value.toLowerCase())
    ? undefined
    : reason;
}

function only(value: string): IneffectiveOption {
  return { reason: `only ${value} is supported`, harmless: [value] };
}
