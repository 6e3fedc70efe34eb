import { describe, expect, it } from 'vitest';
import { leaseProgram } from './option-types.js';
import { dnsOptions } from './options/dns-options.js';
import { firewallOptions } from './options/firewall-options.js';
import { metadataOptions } from './options/metadata-options.js';
import { networkOptions } from './options/network-options.js';
import { notificationOptions } from './options/notification-options.js';

describe('the manager of networks', () => {
  const { type } = networkOptions.networkManager;
  it.each([
    { text: 'nova.network.manager.FlatManager', manager: 'FlatManager' },
    { text: 'nova.network.manager.FlatDHCPManager', manager: 'FlatDHCPManager' },
    { text: 'nova.network.manager.VlanManager', manager: 'VlanManager' },
    { text: 'FlatManager', manager: 'FlatManager' },
    { text: 'FlatDHCPManager', manager: 'FlatDHCPManager' },
    { text: 'vlanmanager', manager: 'VlanManager' },
    { text: 'flat', manager: 'FlatManager' },
    { text: 'FlatDHCP', manager: 'FlatDHCPManager' },
    { text: 'VLAN', manager: 'VlanManager' },
  ])('$text is $manager', ({ text, manager }) => {
    expect(type.read(text)).toBe(manager);
  });

  it.each(['nova.network.quantum.manager.QuantumManager', 'nova.network.manager.FlatManager2', 'dhcp'])(
    '%s is refused, with what to write',
    (text) => {
      expect(() => type.read(text)).toThrow(
        `"${text}" is not supported; write one of FlatManager (nova.network.manager.FlatManager), ` +
          'FlatDHCPManager (nova.network.manager.FlatDHCPManager), VlanManager (nova.network.manager.VlanManager)',
      );
    },
  );
});

it.each([
  { text: 'nova.network.noop_dns_driver.NoopDNSDriver', manager: 'noop' },
  { text: 'nova.network.dns_driver.DNSDriver', manager: 'noop' },
  { text: 'noop', manager: 'noop' },
  { text: 'nova.network.minidns.MiniDNS', manager: 'dnsmasq' },
  { text: 'dnsmasq', manager: 'dnsmasq' },
])('names are served as $text says: $manager', ({ text, manager }) => {
  expect(dnsOptions.instanceDnsManager.type.read(text)).toBe(manager);
  expect(dnsOptions.floatingIpDnsManager.type.read(text)).toBe(manager);
});

it('names are not served by LDAP', () => {
  expect(() => dnsOptions.floatingIpDnsManager.type.read('nova.network.ldapdns.LdapDNS')).toThrow(
    '"nova.network.ldapdns.LdapDNS" is not supported; write one of ' +
      'noop (nova.network.noop_dns_driver.NoopDNSDriver), dnsmasq (nova.network.minidns.MiniDNS)',
  );
});

it.each([
  { text: 'nova.virt.libvirt.firewall.IptablesFirewallDriver', driver: 'iptables' },
  { text: 'nova.virt.firewall.IptablesFirewallDriver', driver: 'iptables' },
  { text: 'nova.virt.firewall.NoopFirewallDriver', driver: 'noop' },
])('packets are filtered as $text says: $driver', ({ text, driver }) => {
  expect(firewallOptions.firewallDriver.type.read(text)).toBe(driver);
});

describe('drivers of notifications', () => {
  const { type } = notificationOptions.notificationDriver;
  it.each([
    { text: '', drivers: [] },
    { text: 'messagingv2', drivers: ['messagingv2'] },
    { text: 'log,messaging', drivers: ['log', 'messaging'] },
    { text: 'nova.openstack.common.notifier.no_op_notifier', drivers: ['noop'] },
  ])('"$text" are $drivers', ({ text, drivers }) => {
    expect(type.read(text)).toEqual(drivers);
  });

  it('that need a file of routes are refused', () => {
    expect(() => type.read('routing')).toThrow('"routing" is not supported; write one of messaging (');
  });
});

describe('targets of vendor data', () => {
  const { type } = metadataOptions.vendordataDynamicTargets;
  it('have a name and an address', () => {
    expect(type.read('a@http://h:80/x, b@https://[fd00::1]/')).toEqual([
      { name: 'a', url: 'http://h:80/x' },
      { name: 'b', url: 'https://[fd00::1]/' },
    ]);
  });

  it.each(['http://u:hunter2@h/', 'a@ftp://h/', 'a@https://:hunter2/'])(
    'are refused without being repeated: %s',
    (text) => {
      expect(() => type.read(text)).toThrow(
        /^the text is not a name and address \(name@http:\/\/host\/path\)$/,
      );
    },
  );
});

it.each([
  { path: '/usr/bin/nova-dhcpbridge', isOurs: true },
  { path: '$bindir/nova-dhcpbridge', isOurs: true },
  { path: '', isOurs: true },
  { path: '/opt/novanet/bin/novanet-dhcpbridge', isOurs: false },
  { path: '/usr/bin/my-nova-dhcpbridge', isOurs: false },
])('the program of this installation is meant by "$path": $isOurs', ({ path, isOurs }) => {
  expect(leaseProgram.meansDefault(path)).toBe(isOurs);
});

it('a foreign rule is matched by a regular expression', () => {
  const { type } = firewallOptions.iptablesTopRegex;
  expect(type.read('-j (one|other)$')).toEqual(/-j (one|other)$/);
  expect(type.read('')).toBeNull();
  expect(() => type.read('(')).toThrow('"(" is not a regular expression');
});
