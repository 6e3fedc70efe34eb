import { option } from '../option.js';
import {
  boolean,
  cidr4,
  deviceName,
  forwardInterfaces,
  integer,
  ipv4,
  list,
  optional,
  repeated,
  seconds,
} from '../option-types.js';

/** What is made of the host's kernel. */
export const hostOptions = {
  convergeInterval: option(
    'converge_interval',
    seconds,
    '60',
    'Seconds between two comparisons of the host with what it should be; what differs is repaired. nova has no such option.',
  ),
  publicInterface: option(
    'public_interface',
    optional(deviceName),
    'eth0',
    'Interface towards the outside, which floating IPs are put on. Empty: any.',
  ),
  routingSourceIp: option(
    'routing_source_ip',
    optional(ipv4),
    '$my_ip',
    'Source address of what instances send to the outside. Empty: it is not rewritten.',
  ),
  dmzCidr: option('dmz_cidr', list(cidr4), '', 'Destinations that see the own address of an instance.'),
  forceSnatRange: option(
    'force_snat_range',
    repeated(cidr4),
    '',
    'Destinations for which the source address is rewritten even if the gateway is not this host.',
  ),
  forwardBridgeInterface: option(
    'forward_bridge_interface',
    forwardInterfaces,
    'all',
    'Interfaces a bridge may forward to; `all`: every one.',
  ),
  sendArpForHa: option(
    'send_arp_for_ha',
    boolean,
    'false',
    'A host that takes over an address tells its neighbours so more than once (gratuitous ARP); once, it always does.',
  ),
  sendArpForHaCount: option(
    'send_arp_for_ha_count',
    integer({ min: 0 }),
    '3',
    'How many times it tells them.',
  ),
  fakeNetwork: option(
    'fake_network',
    boolean,
    'false',
    "What would be done to the host's kernel is logged, and not done.",
  ),
};
