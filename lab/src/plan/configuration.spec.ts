import { expect, it } from 'vitest';

import {
  renderApiConfiguration,
  renderCloudConfiguration,
  renderHostConfiguration,
} from './configuration.js';
import { hostOf, planLab } from './lab-plan.js';

const plan = planLab('demo', 1);
const paths = { stateDirectory: '/c/$x/state', dhcpbridge: '/c/bin/bridge' };

it('writes what all services share', () => {
  expect(renderCloudConfiguration(plan, { manager: 'flatdhcp', multiHost: true })).toBe(`[DEFAULT]
network_manager = nova.network.manager.FlatDHCPManager
multi_host = true
transport_url = rabbit://guest:guest@192.168.240.1:5672/
flat_network_bridge = br100
vlan_interface = eth1
public_interface = eth0
dhcp_lease_time = 120
osapi_compute_listen_port = 8774
metadata_port = 8775
metadata_listen_port = 8775

[database]
connection = mysql://novanet:novanet@192.168.240.1:3306/novanet
`);
});

it('has instances of FlatManager find their addresses in their image', () => {
  expect(renderCloudConfiguration(plan, { manager: 'flat', multiHost: false })).toContain(
    'flat_injected = true\n',
  );
});

it('writes what makes a host that host', () => {
  expect(renderHostConfiguration(hostOf(plan, 'h1'), paths)).toBe(`[DEFAULT]
host = h1
my_ip = 192.168.240.11
routing_source_ip = 192.0.2.11
metadata_host = 192.168.240.11
state_path = /c/$$x/state/h1
networks_path = /c/$$x/state/h1/networks
spool_path = /c/$$x/state/h1/spool
dhcpbridge = /c/bin/bridge
`);
});

it('writes where the API is', () => {
  expect(renderApiConfiguration(plan, paths)).toBe(`[DEFAULT]
host = api
my_ip = 192.168.240.1
state_path = /c/$$x/state/api

[api]
auth_strategy = noauth2
`);
});
