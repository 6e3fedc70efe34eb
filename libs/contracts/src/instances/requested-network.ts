import { RpcArgumentError } from '../errors/rpc-argument.error.js';
import { isRecord } from '../wire/versioned-object.js';

/** One wish of a compute service: a network, or one address of it, or (older clients) just an address. */
export interface RequestedNetwork {
  readonly networkUuid: string;
  readonly address: string | null;
}

/**
 * `requested_networks` in its forms: NetworkRequest objects (1.13, already unwrapped), and pairs or quadruples
 * `[network uuid, address, …]` of older clients. Throws RpcArgumentError.
 */
export function parseRequestedNetworks(method: string, wishes: readonly unknown[]): RequestedNetwork[] {
  return wishes.map((wish) => {
    const [networkUuid, address] = Array.isArray(wish)
      ? [wish[0], wish[1]]
      : isRecord(wish)
        ? [wish['network_id'], wish['address']]
        : [];
    if (typeof networkUuid !== 'string') {
      throw new RpcArgumentError(method, ['each requested network must name a network_id']);
    }
    return { networkUuid, address: typeof address === 'string' ? address : null };
  });
}
