import { networkDict, type NetworkDict } from '@novanet/contracts';
import type { Network } from '@novanet/ipam';

/** A network as the REST interface shows it: nova's row, with the uuid as its id. */
export type NetworkView = Omit<NetworkDict, 'id' | 'uuid'> & { readonly id: string };

export function networkView(network: Network): NetworkView {
  const { uuid, ...row } = networkDict(network);
  return { ...row, id: uuid };
}
