import type { Network, NetworkDraft } from '@novanet/ipam';
import { Ipv4 } from '@novanet/net-address';
import { managerTraits, type ManagerName } from '../managers/manager-traits.js';
import type { NetworkDefaults } from '../networks/network-defaults.js';
import { parseNetworkRequest } from '../networks/network-request.js';
import { planNetworks } from '../networks/plan-networks.js';

const defaults: NetworkDefaults = {
  flatNetworkBridge: null,
  flatInterface: null,
  flatNetworkDns: Ipv4.parse('8.8.4.4'),
  networkDeviceMtu: null,
  shareDhcpAddress: false,
  numNetworks: 1,
  networkSize: 256,
  multiHost: false,
  flatInjected: false,
  vlanInterface: null,
  vlanStart: 100,
  vpnStart: 1000,
};

/** What a request makes beside what exists; uuids count up. */
export function plan(
  args: Record<string, unknown>,
  existing: readonly Network[] = [],
  { manager = 'FlatDHCPManager', cntVpnClients = 0, ...options }: PlanOptions = {},
): NetworkDraft[] {
  let count = 0;
  const traits = managerTraits({ networkManager: manager, cntVpnClients, ipv6Backend: 'rfc2462' });
  const request = parseNetworkRequest(args, { ...defaults, ...options }, traits);
  const newUuid = () => `00000000-0000-4000-8000-${String((count += 1)).padStart(12, '0')}`;
  return planNetworks(request, traits, existing, newUuid);
}

export interface PlanOptions extends Partial<NetworkDefaults> {
  readonly manager?: ManagerName;
  readonly cntVpnClients?: number;
}

/** A flat network that is there already. */
export function existingNetwork(cidr: string): Network {
  const [draft] = plan({
    label: 'old',
    cidr,
    network_size: 2 ** (32 - Number(cidr.split('/')[1])),
    bridge: 'br1',
  });
  if (!draft) throw new Error('no draft');
  return stored(draft);
}

/** The draft as the database answers it. */
export function stored(draft: NetworkDraft): Network {
  const subnets = draft.subnets.map((subnet, id) => ({ ...subnet, id }));
  return { ...draft, id: 1, host: null, subnets, createdAt: new Date(0), updatedAt: null };
}
