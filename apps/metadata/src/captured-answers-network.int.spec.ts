import type { NetworkDraft } from '@novanet/ipam';
import { Ipv4, Ipv4Cidr, Ipv6Cidr, Mac } from '@novanet/net-address';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { capturedInstance, jsonAnswer, notFound, textAnswer, UUID } from './testing/captured-answers.js';
import { GuestCloud, type Service } from './testing/guest-cloud.js';

const NETWORK = '5d3ca0e0-0000-4000-8000-000000000001';
const CIDR = Ipv4Cidr.parse('10.0.0.0/24');
const IPV6 = Ipv6Cidr.parse('fd00:1::/64');

/** One cloud, seen by the services of two: one with DHCP, one whose images are told their addresses. */
let cloud: GuestCloud;
let dhcp: Service;
let flat: Service;
/** Its uuid is made anew each time. */
let vif: string;
beforeAll(async () => {
  cloud = await GuestCloud.create();
  vif = await boot(UUID, 'fa:16:3e:00:00:01', CIDR, { uuid: NETWORK });
  const proxy = { use_forwarded_for: 'true', metadata_trusted_proxies: '127.0.0.1' };
  dhcp = await cloud.serve({ network_manager: 'FlatDHCPManager', ...proxy });
  flat = await cloud.serve({ network_manager: 'FlatManager', ...proxy });
});
afterAll(() => cloud.remove());

/** An instance at the third address of a network of its own. @returns the uuid of its NIC */
async function boot(uuid: string, mac: string, cidr: Ipv4Cidr, over: Partial<NetworkDraft>): Promise<string> {
  const none = { dhcpServer: null, dhcpStart: null, pool: null, reserved: [] };
  const ipv6 = { version: 6 as const, cidr: IPV6, gateway: IPV6.at(1), ...none };
  const draft = { isInjected: true, dns1: Ipv4.parse('8.8.4.4'), ...over };
  const network = await cloud.createNetwork(cidr, draft, ipv6);
  const request = { network, mac: Mac.parse(mac), address: cidr.at(3) };
  const [nic] = await cloud.boot(uuid, capturedInstance, [request]);
  return nic?.vif.uuid ?? '';
}

/** A proxy asks in the name of the instance. */
const getAs = (service: Service, instance: string, path: string) =>
  service.ask('127.0.0.1', `GET ${path} HTTP/1.1\r\nX-Forwarded-For: ${instance}`);

const links = (id: string, mtu = 'null', mac = 'fa:16:3e:00:00:01') =>
  `"links": [{"id": "interface0", "vif_id": "${id}", "type": "bridge", "mtu": ${mtu}, "ethernet_mac_address": "${mac}"}]`;
const DNS = '"services": [{"type": "dns", "address": "8.8.4.4"}]';
const place = (name: string, type: string) => `"id": "${name}", "type": "${type}", "link": "interface0"`;

describe('network_data.json', () => {
  it('sends the instance to DHCP, and to its router where nova names a DHCPv6 that nobody runs', async () => {
    const networks =
      `"networks": [{${place('network0', 'ipv4_dhcp')}, "network_id": "${NETWORK}"}, ` +
      `{${place('network1', 'ipv6_slaac')}, "network_id": "${NETWORK}"}]`;
    expect(await getAs(dhcp, '10.0.0.3', '/openstack/latest/network_data.json')).toEqual(
      jsonAnswer(`{${links(vif)}, ${networks}, ${DNS}}`),
    );
  });

  it('tells all where there is no DHCP', async () => {
    const ipv4 =
      `{${place('network0', 'ipv4')}, "ip_address": "10.0.0.3", "netmask": "255.255.255.0", "routes": ` +
      '[{"network": "0.0.0.0", "netmask": "0.0.0.0", "gateway": "10.0.0.1"}], ' +
      `"network_id": "${NETWORK}", ${DNS}}`;
    const ipv6 =
      `{${place('network1', 'ipv6')}, "ip_address": "fd00:1::f816:3eff:fe00:1", "netmask": "ffff:ffff:ffff:ffff::", "routes": ` +
      '[{"network": "::", "netmask": "::", "gateway": "fd00:1::1"}], ' +
      `"network_id": "${NETWORK}", "services": []}`;
    expect(await getAs(flat, '10.0.0.3', '/openstack/latest/network_data.json')).toEqual(
      jsonAnswer(`{${links(vif)}, "networks": [${ipv4}, ${ipv6}], ${DNS}}`),
    );
  });

  it('names further addresses, and the MTU where DHCP does not tell it', async () => {
    const mac = 'fa:16:3e:00:00:02';
    const other = 'bbbbbbbb-2648-49a3-bf97-6be8f1204f38';
    const uuid = '5d3ca0e0-0000-4000-8000-000000000002';
    const id = await boot(other, mac, Ipv4Cidr.parse('10.0.1.0/24'), { uuid, mtu: 1450 });
    const [nic] = await cloud.ipam.fixedIps.nicsOf(other);
    const more = nic && { network: nic.network, isAdditional: true };
    await cloud.ipam.fixedIps.allocate({
      instance: { uuid: other, projectId: 'project', host: null },
      nics: more ? [more] : [],
      requestId: 'a'.repeat(32),
    });
    const second = (name: string) =>
      `{${place(name, 'ipv4')}, "ip_address": "10.0.1.2", "netmask": "255.255.255.0", "routes": [], ` +
      `"network_id": "${uuid}", "services": []}`;
    const served = await getAs(dhcp, '10.0.1.2', '/openstack/latest/network_data.json');
    expect(served.body).toContain(links(id, 'null', mac));
    expect(served.body).toContain(second('network1'));
    const told = await getAs(flat, '10.0.1.2', '/openstack/latest/network_data.json');
    expect(told.body).toContain(links(id, '1450', mac));
    expect(told.body).toContain(second('network1'));
  });
});

const INTERFACES = `# Injected by Nova on instance boot
#
# This file describes the network interfaces available on your system
# and how to activate them. For more information, see interfaces(5).

# The loopback network interface
auto lo
iface lo inet loopback

auto eth0
iface eth0 inet static
    hwaddress ether fa:16:3e:00:00:01
    address 10.0.0.3
    netmask 255.255.255.0
    broadcast 10.0.0.255
    gateway 10.0.0.1
    dns-nameservers 8.8.4.4
iface eth0 inet6 static
    hwaddress ether fa:16:3e:00:00:01
    address fd00:1::f816:3eff:fe00:1
    netmask 64
    gateway fd00:1::1
`;

describe('the file of an injected network', () => {
  it.each(['/openstack/content/0000', '/openstack/content/0000/'])('is at %s', async (path) => {
    expect(await getAs(flat, '10.0.0.3', path)).toEqual(textAnswer(INTERFACES));
  });

  it.each(['/openstack/content', '/openstack/content/0001', '/openstack/content/0000/x'])(
    'is alone: nothing is at %s',
    async (path) => {
      expect(await getAs(flat, '10.0.0.3', path)).toEqual(notFound);
    },
  );

  it('is named by meta_data.json', async () => {
    expect(await getAs(flat, '10.0.0.3', '/openstack/2012-08-10/meta_data.json')).toEqual(
      jsonAnswer(
        '{"uuid": "d8e02d56-2648-49a3-bf97-6be8f1204f38", "meta": {"priority": "low", "role": "webserver"}, ' +
          '"network_config": {"name": "network_config", "content_path": "/content/0000"}, ' +
          '"public_keys": {"mykey": "ssh-rsa AAAAB3Nza Generated by Nova\\n"}, ' +
          '"keys": [{"name": "mykey", "type": "ssh", "data": "ssh-rsa AAAAB3Nza Generated by Nova\\n"}], ' +
          '"hostname": "test.novalocal", "name": "test", "launch_index": 0, "availability_zone": "nova"}',
      ),
    );
  });

  it('is not there where DHCP tells all of it', async () => {
    expect(await getAs(dhcp, '10.0.0.3', '/openstack/content/0000')).toEqual(notFound);
    const { body } = await getAs(dhcp, '10.0.0.3', '/openstack/2012-08-10/meta_data.json');
    expect(body).not.toContain('network_config');
  });
});
