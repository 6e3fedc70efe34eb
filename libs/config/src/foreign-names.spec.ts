import { describe, expect, it } from 'vitest';
import type { Assignment } from './assignment.js';
import { remarksOn } from './foreign-names.js';

/** Assignments in the order of a file, one a line: `name = value` or `[group] name = value`. */
function remarks(...lines: readonly string[]): readonly string[] {
  return remarksOn(
    lines.map((line, index): Assignment => {
      const [, group = 'DEFAULT', name = '', value = ''] = /^(?:\[(\w+)\] )?(\S+) = ?(.*)$/.exec(line) ?? [];
      return { group, name, value, place: `line ${index + 1}` };
    }),
  );
}

describe('a misspelt name', () => {
  it.each([
    { written: 'flat_interfaces', meant: 'flat_interface' },
    { written: 'falt_interface', meant: 'flat_interface' },
    { written: 'flat_network_brige', meant: 'flat_network_bridge' },
    { written: 'network-manager', meant: 'network_manager' },
    { written: 'Multi_Host', meant: 'multi_host' },
    { written: 'multihost', meant: 'multi_host' },
    { written: 'netwrok_size', meant: 'network_size' },
    { written: 'vlan_iterface', meant: 'vlan_interface' },
    { written: 'vpn_stat', meant: 'vpn_start' },
    { written: 'auto_assign_floating_ips', meant: 'auto_assign_floating_ip' },
    { written: 'default_floating_pools', meant: 'default_floating_pool' },
    { written: 'use_ip_v6', meant: 'use_ipv6' },
    { written: 'public_interfase', meant: 'public_interface' },
    { written: 'dns_servers', meant: 'dns_server' },
    { written: 'instance_dns_manger', meant: 'instance_dns_manager' },
    { written: 'firewal_driver', meant: 'firewall_driver' },
    { written: 'quota_floting_ips', meant: 'quota_floating_ips' },
    { written: 'sql_conection', meant: 'sql_connection' },
    { written: '[database] conection', name: 'conection', meant: '[database] connection' },
    { written: '[api] use_forwarded_four', name: 'use_forwarded_four', meant: '[api] use_forwarded_for' },
  ])('$written is reported, and $meant suggested', ({ written, name = written, meant }) => {
    expect(remarks(`${written} = x`)).toEqual([`${name} in line 1 is not an option; is ${meant} meant?`]);
  });
});

describe('nothing is said of', () => {
  it.each([
    { what: "the compute service's options", lines: ['compute_driver = x', 'libvirt_type = kvm'] },
    { what: "the scheduler's options", lines: ['scheduler_driver = x', 'scheduler_topic = scheduler'] },
    {
      what: 'topics and hosts of other services',
      lines: ['volume_topic = x', 's3_host = x', 'ec2_host = x'],
    },
    { what: 'quotas of other things', lines: ['quota_instances = 1', 'quota_volumes = 1', 'quota_ram = 1'] },
    { what: "hypervisors' networking", lines: ['vmwareapi_vlan_interface = x', 'libvirt_vif_driver = x'] },
    { what: "nova's cloudpipe", lines: ['vpn_image_id = x', 'vpn_key_suffix = x', 'vpn_instance_type = x'] },
    {
      what: 'how nova-network worked',
      lines: ['dhcpbridge_flagfile = /x', 'ebtables_exec_attempts = 5', 'dns_update_periodic_interval = 30'],
    },
    { what: 'a name nobody knows', lines: ['my_cool_plugin = x', 'constructor = x', 'server = x'] },
    { what: 'our names in groups of others', lines: ['[glance] host = x', '[libvirt] flat_interfaces = x'] },
    {
      what: "names that nova's options had before",
      lines: ['rpc_thread_pool_size = 8', 'rabbit_ha_queues = 1'],
    },
  ])('$what', ({ lines }) => {
    expect(remarks(...lines)).toEqual([]);
  });
});

describe('a networking option without effect', () => {
  it.each([
    { line: 'fixed_range = 10.0.0.0/8', reason: 'each network has the range it was created with' },
    { line: 'l3_lib = nova.network.l3.NullL3', reason: 'only nova.network.l3.LinuxNetL3 is supported' },
    {
      line: 'linuxnet_interface_driver = nova.network.linux_net.LinuxOVSInterfaceDriver',
      reason: 'only nova.network.linux_net.LinuxBridgeInterfaceDriver is supported',
    },
    { line: 'network_driver = x', reason: 'only nova.network.linux_net is supported' },
    { line: 'security_group_api = quantum', reason: 'only nova is supported' },
    { line: 'quota_driver = nova.quota.NoopQuotaDriver', reason: 'a quota of -1 is no limit' },
    {
      line: 'periodic_enable = false',
      reason: 'the host is compared with the database every converge_interval',
    },
    { line: 'rpc_backend = nova.rpc.impl_qpid', reason: 'messages go through RabbitMQ' },
  ])('is reported: $line', ({ line, reason }) => {
    const [name] = line.split(' ');
    expect(remarks(line)).toEqual([`${name} in line 1 has no effect: ${reason}`]);
  });

  it('is reported with its group', () => {
    expect(remarks('[oslo_messaging_notifications] transport_url = rabbit://h/')).toEqual([
      '[oslo_messaging_notifications] transport_url in line 1 has no effect: notifications go to the broker of transport_url',
    ]);
  });

  it.each([
    'l3_lib = nova.network.l3.LinuxNetL3',
    'network_driver = nova.network.linux_net',
    'linuxnet_interface_driver = ',
    'security_group_api = nova',
    'network_api_class = nova.network.api.API',
    'use_neutron = False',
    'periodic_enable = True',
    'rpc_backend = rabbit',
  ])('is passed over when it asks for what happens anyway: %s', (line) => {
    expect(remarks(line)).toEqual([]);
  });

  it('is reported once, where it was set last', () => {
    expect(remarks('fixed_range = 10.0.0.0/8', 'host = a', 'fixed_range = 10.1.0.0/16')).toEqual([
      'fixed_range in line 3 has no effect: each network has the range it was created with',
    ]);
  });

  it('is passed over when the last assignment takes it back', () => {
    expect(remarks('use_neutron = true', 'use_neutron = false')).toEqual([]);
  });
});
