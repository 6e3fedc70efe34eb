import type { ApiNetwork } from '../api-client.js';
import { CliFailure } from '../cli-failure.error.js';

/** The network with this UUID, or else the only one with this label. Throws CliFailure. */
export function findNetwork(networks: readonly ApiNetwork[], name: string): ApiNetwork {
  const byId = networks.find((network) => network.id === name.toLowerCase());
  if (byId) return byId;
  const [found, ...others] = networks.filter((network) => network.label === name);
  if (!found) {
    throw new CliFailure('refused', `There is no network "${name}"; novanet network list shows what exists.`);
  }
  if (others.length > 0) {
    const ids = [found, ...others].map((network) => network.id);
    throw new CliFailure(
      'refused',
      `${ids.length} networks are called "${name}"; name the one you mean by its UUID: ${ids.join(', ')}.`,
    );
  }
  return found;
}
