import { describe, expect, it } from 'vitest';
import type { GuestVif } from './guest-nics.js';
import { interfacesFile } from './interfaces-file.js';
import { netplanDocument } from './netplan.js';
import { networkData } from './network-data.js';
import { absent, manyNics, novaTwoNics, subnet, vif } from './testing/guest-vif-fixture.js';

const everyGateway = { singleDefaultGateway: false };
const golden = '../../golden/guest-network';

function documentsOf(networkInfo: readonly GuestVif[], singleDefaultGateway: boolean): string {
  const options = { singleDefaultGateway };
  return [
    '== /etc/network/interfaces ==',
    interfacesFile(networkInfo, options) ?? 'nothing\n',
    '== network_data.json ==',
    JSON.stringify(networkData(networkInfo, options), undefined, 1),
    '',
    '== netplan ==',
    JSON.stringify(netplanDocument(networkInfo, options), undefined, 1),
    '',
  ].join('\n');
}

describe('what a guest is told of its NICs', () => {
  it("is, for Debian's ifupdown, what nova injects", async () => {
    await expect(interfacesFile(novaTwoNics, everyGateway)).toMatchFileSnapshot(
      `${golden}/nova-two-nics.interfaces`,
    );
  });

  it.each([
    { name: 'two-nics-of-both-families', networkInfo: novaTwoNics, single: false },
    { name: 'many-nics', networkInfo: manyNics, single: false },
    { name: 'many-nics-with-a-single-default-gateway', networkInfo: manyNics, single: true },
  ])('is the same in three forms: $name', async ({ name, networkInfo, single }) => {
    await expect(documentsOf(networkInfo, single)).toMatchFileSnapshot(`${golden}/${name}.txt`);
  });
});

describe('a NIC', () => {
  const ipv4 = subnet('10.0.0.0/24', ['10.0.0.3'], { gateway: '10.0.0.1' });

  it.each([
    { name: 'on a network that is not injected', nic: vif(0, [ipv4, absent], {}) },
    {
      name: 'with DHCP',
      nic: vif(0, [{ ...ipv4, meta: { dhcp_server: '10.0.0.1' } }, absent]),
    },
    {
      name: 'with DHCP of the other family',
      nic: vif(0, [ipv4, subnet('fd00::/64', ['fd00::3'], { meta: { dhcp_server: 'fd00::1' } })]),
    },
    { name: 'without an address', nic: vif(0, [subnet('10.0.0.0/24', []), absent]) },
    { name: 'without subnets', nic: vif(0, []) },
  ])('$name has no place in the injected file', ({ nic }) => {
    expect(interfacesFile([nic], everyGateway)).toBeUndefined();
  });

  it('keeps its number behind NICs that are not injected, and gets none without subnets', () => {
    const others = [vif(0, []), vif(1, [{ ...ipv4, meta: { dhcp_server: '10.0.0.1' } }])];
    expect(interfacesFile([...others, vif(2, [ipv4])], everyGateway)).toMatch(/\n\nauto eth1\niface eth1 /);
  });

  it('on a network that is neither injected nor served is named its addresses all the same', () => {
    const nic = vif(0, [ipv4, absent], {});
    expect(networkData([nic], everyGateway).networks).toMatchObject([
      { type: 'ipv4', ip_address: '10.0.0.3' },
    ]);
  });

  it('with DHCP is the one with the default gateway when it comes first and there is to be one', () => {
    const dhcp = vif(0, [{ ...ipv4, meta: { dhcp_server: '10.0.0.1' } }]);
    const injected = vif(1, [subnet('10.1.0.0/24', ['10.1.0.3'], { gateway: '10.1.0.1' })]);
    expect(interfacesFile([dhcp, injected], { singleDefaultGateway: true })).not.toContain('gateway');
    expect(interfacesFile([dhcp, injected], everyGateway)).toContain('gateway 10.1.0.1');
  });

  it('with several subnets of a family has one default gateway', () => {
    const nic = vif(0, [ipv4, subnet('10.1.0.0/24', ['10.1.0.3'], { gateway: '10.1.0.1' })]);
    expect(interfacesFile([nic], { singleDefaultGateway: true })?.match(/gateway .*/g)).toEqual([
      'gateway 10.0.0.1',
    ]);
  });

  it.each([
    { name: 'address', nic: vif(0, [subnet('10.0.0.0/24', ['10.0.0.3\n    up reboot'])]) },
    { name: 'network', nic: vif(0, [subnet('10.0.0.0/24 up reboot', ['10.0.0.3'])]) },
    { name: 'MAC', nic: { ...vif(0, [ipv4]), address: 'fa:16:3e:00:00:00\nup reboot' } },
    { name: 'name server', nic: vif(0, [subnet('10.0.0.0/24', ['10.0.0.3'], { dns: ['8.8.8.8; reboot'] })]) },
  ])('cannot bring a command into the file by its $name', ({ nic }) => {
    for (const write of [interfacesFile, networkData, netplanDocument]) {
      expect(() => write([nic], everyGateway)).toThrow('reboot');
    }
  });
});

it('an instance without NICs is told of none', () => {
  expect(interfacesFile([], everyGateway)).toBeUndefined();
  expect(networkData([], everyGateway)).toEqual({ links: [], networks: [], services: [] });
  expect(netplanDocument([], everyGateway)).toEqual({ network: { version: 2, ethernets: {} } });
});
