import type { Nic } from '@novanet/ipam';
import type { RequestFacts } from '../http/request-facts.js';

/** A NIC as the REST interface shows it. */
export interface VirtualInterfaceView {
  readonly id: string;
  readonly mac_address: string;
  /** Since microversion 2.12. */
  readonly net_id?: string;
  /** The same by nova's older `/v2`. */
  readonly 'OS-EXT-VIF-NET:net_id'?: string;
}

export function virtualInterfaceView(
  { vif, network }: Nic,
  { minor, isLegacy }: Pick<RequestFacts, 'minor' | 'isLegacy'>,
): VirtualInterfaceView {
  return {
    id: vif.uuid,
    mac_address: vif.mac.toString(),
    ...(isLegacy && { 'OS-EXT-VIF-NET:net_id': network.uuid }),
    ...(!isLegacy && minor >= 12 && { net_id: network.uuid }),
  };
}
