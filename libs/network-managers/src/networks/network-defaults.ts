import type { DeviceName, IpAddress } from '@novanet/net-address';

/** The configuration options that fill in what `create_networks` was not told. */
export interface NetworkDefaults {
  readonly flatNetworkBridge: DeviceName | null;
  readonly flatInterface: DeviceName | null;
  readonly flatInjected: boolean;
  readonly flatNetworkDns: IpAddress | null;
  readonly networkDeviceMtu: number | null;
  readonly shareDhcpAddress: boolean;
  readonly numNetworks: number;
  readonly networkSize: number;
  readonly multiHost: boolean;
  readonly vlanInterface: DeviceName | null;
  readonly vlanStart: number;
  readonly vpnStart: number;
}
