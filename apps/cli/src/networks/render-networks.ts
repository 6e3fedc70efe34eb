import { cellOf, renderTable } from '../terminal/table.js';
import type { ApiNetwork } from './api-network.js';

/** nova-manage's columns at nova-manage's places, with ours between. */
const columns: readonly (readonly [string, string])[] = [
  ['label', 'label'],
  ['IPv4', 'cidr'],
  ['IPv6', 'cidr_v6'],
  ['start address', 'dhcp_start'],
  ['DNS1', 'dns1'],
  ['DNS2', 'dns2'],
  ['VlanID', 'vlan'],
  ['project', 'project_id'],
  ['uuid', 'id'],
  ['bridge', 'bridge'],
  ['multi_host', 'multi_host'],
  ['host', 'host'],
];

export function renderNetworks(networks: readonly ApiNetwork[]): string {
  if (networks.length === 0) {
    return 'There are no networks yet: novanet network create --help shows how to make one.';
  }
  return renderTable(
    columns.map(([title]) => title),
    networks.map((network) => columns.map(([, field]) => cellOf(network[field]))),
  );
}
