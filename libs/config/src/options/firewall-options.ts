import { option } from '../option.js';
import { boolean, chainName, implementation, optional, regularExpression } from '../option-types.js';

/** Which packets pass, and where foreign rules stand. */
export const firewallOptions = {
  firewallDriver: option(
    'firewall_driver',
    implementation(
      [
        'iptables',
        'nova.virt.libvirt.firewall.IptablesFirewallDriver',
        'nova.virt.firewall.IptablesFirewallDriver',
      ],
      ['noop', 'nova.virt.firewall.NoopFirewallDriver'],
    ),
    'nova.virt.libvirt.firewall.IptablesFirewallDriver',
    'What filters the packets of instances: this host by security groups, or nothing of ours.',
  ),
  allowSameNetTraffic: option(
    'allow_same_net_traffic',
    boolean,
    'true',
    'Instances of one network reach each other whatever their security groups say. A worker warns of a flat network that all projects share.',
  ),
  iptablesDropAction: option(
    'iptables_drop_action',
    chainName,
    'DROP',
    'Target of rules that refuse a packet.',
  ),
  iptablesTopRegex: option(
    'iptables_top_regex',
    optional(regularExpression),
    '',
    'Foreign rules that match stay before ours.',
  ),
  iptablesBottomRegex: option(
    'iptables_bottom_regex',
    optional(regularExpression),
    '',
    'Foreign rules that match stay behind all others.',
  ),
};
