import { objectDateTime } from '@novanet/contracts';
import type { Instance, Network } from '@novanet/ipam';

/** A project's way in, by nova's words. Without an instance nova shows the project and the state alone. */
export interface CloudpipeView {
  readonly project_id: string;
  readonly instance_id?: string;
  readonly created_at?: string | null;
  readonly internal_ip?: string;
  readonly public_ip: string | null;
  readonly public_port: number | null;
  readonly state: CloudpipeState;
}

/** No VPN instance; nobody said how to reach it; it answers; it does not. */
type CloudpipeState = 'pending' | 'invalid' | 'running' | 'down';

/** A network of a project, with the address that is kept for its VPN server. */
export type VpnNetwork = Network & {
  readonly projectId: string;
  readonly vpnPrivateAddress: NonNullable<Network['vpnPrivateAddress']>;
};

export function isVpnNetwork(network: Network): network is VpnNetwork {
  return network.projectId !== null && network.vpnPrivateAddress !== null;
}

/** @param isUp whether the VPN answers; undefined: nobody knows where to ask */
export function cloudpipeView(
  network: VpnNetwork,
  instance: Instance | undefined,
  isUp: boolean | undefined,
): CloudpipeView {
  const { projectId, vpnPublicAddress, vpnPublicPort, vpnPrivateAddress } = network;
  return {
    project_id: projectId,
    ...(instance && {
      instance_id: instance.uuid,
      created_at: objectDateTime(instance.createdAt),
      internal_ip: vpnPrivateAddress.toString(),
    }),
    public_ip: vpnPublicAddress && vpnPublicAddress.toString(),
    public_port: vpnPublicPort,
    state: instance ? reachability(isUp) : 'pending',
  };
}

function reachability(isUp: boolean | undefined): CloudpipeState {
  if (isUp === undefined) return 'invalid';
  return isUp ? 'running' : 'down';
}
