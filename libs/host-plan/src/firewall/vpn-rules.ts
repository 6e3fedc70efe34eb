import type { HostSettings, NetworkIntent, VpnIntent } from '../host-intent.js';
import { one, rule, toPort } from './rule.js';

const OPENVPN = 1194;

/** What comes for the public port goes to the VPN server: from elsewhere (PREROUTING) and from this host (OUTPUT). */
export function vpnDestinations(settings: HostSettings, networks: readonly NetworkIntent[]): string[] {
  return vpnsHere(settings, networks).map(({ publicAddress, publicPort, privateAddress }) => {
    const target = `-j DNAT --to-destination ${privateAddress.toString()}:${OPENVPN}`;
    return rule(`-d ${one(publicAddress)}`, toPort('udp', publicPort), target);
  });
}

/** And is let through, whoever else may forward over the bridge. */
export function vpnAccepts(settings: HostSettings, networks: readonly NetworkIntent[]): string[] {
  return vpnsHere(settings, networks).map(({ privateAddress }) =>
    rule(`-d ${one(privateAddress)}`, toPort('udp', OPENVPN), '-j ACCEPT'),
  );
}

function vpnsHere({ vpnIp }: HostSettings, networks: readonly NetworkIntent[]): VpnIntent[] {
  return networks.flatMap(({ vpn }) => (vpn?.publicAddress.equals(vpnIp) ? [vpn] : []));
}
