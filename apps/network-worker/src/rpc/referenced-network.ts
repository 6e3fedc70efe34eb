import { NetworkRefArguments, parseArguments, RpcArgumentError } from '@novanet/contracts';
import { NetworkNotFound, type Network, type NetworkCatalogue } from '@novanet/ipam';

/** The network whose object a caller sent along. Throws RpcArgumentError, NetworkNotFound. */
export async function referencedNetwork(
  networks: NetworkCatalogue,
  method: string,
  args: unknown,
): Promise<Network> {
  const { network_ref: reference } = parseArguments(NetworkRefArguments, method, args);
  if (typeof reference.id !== 'number')
    throw new RpcArgumentError(method, ['network_ref must have a number as id']);
  const network = await networks.findById(reference.id);
  if (!network) throw new NetworkNotFound(reference.id);
  return network;
}
