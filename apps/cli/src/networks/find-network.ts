import { Ipv4Cidr, Ipv6Cidr } from '@novanet/net-address';
import { CliFailure } from '../cli-failure.error.js';
import { cellOf } from '../terminal/table.js';
import type { ApiNetwork } from './api-network.js';

/** What a network is named by on the command line. */
export interface NetworkName {
  /** UUID, label or range. */
  readonly word: string | undefined;
  readonly uuid?: string | undefined;
  /** nova-manage: this alone is passed over where there is a UUID. */
  readonly fixedRange?: string | undefined;
}

/** Throws CliFailure. */
export function findNamed(networks: readonly ApiNetwork[], name: NetworkName): ApiNetwork {
  if (name.uuid) {
    const wanted = name.uuid.toLowerCase();
    return only(
      networks.filter(({ id }) => id === wanted),
      name.uuid,
      `Network could not be found for uuid ${name.uuid}`,
    );
  }
  if (name.fixedRange) {
    const range = rangeOf(name.fixedRange);
    return only(
      networks.filter((network) => range !== undefined && rangesOf(network).includes(range)),
      name.fixedRange,
      `Network could not be found with cidr ${name.fixedRange}`,
    );
  }
  if (name.word) return findNetwork(networks, name.word);
  throw new CliFailure('usage', 'Please specify either fixed_range or uuid: the label will do as well.');
}

/** The network with this UUID, or else the only one with this label, or else with this range. Throws CliFailure. */
export function findNetwork(networks: readonly ApiNetwork[], name: string): ApiNetwork {
  const byId = networks.find((network) => network.id === name.toLowerCase());
  if (byId) return byId;
  const labelled = networks.filter((network) => network.label === name);
  const range = rangeOf(name);
  const found =
    labelled.length > 0 ? labelled : networks.filter((each) => range && rangesOf(each).includes(range));
  return only(found, name, `There is no network "${name}"`);
}

function only(networks: readonly ApiNetwork[], name: string, absent: string): ApiNetwork {
  const [found, ...others] = networks;
  if (!found) throw new CliFailure('refused', `${absent}; novanet network list shows what exists.`);
  if (others.length > 0) {
    const ids = networks.map((network) => network.id);
    throw new CliFailure(
      'refused',
      `${ids.length} networks are called "${name}"; name the one you mean by its UUID: ${ids.join(', ')}.`,
    );
  }
  return found;
}

function rangesOf({ cidr, cidr_v6: cidrV6 }: ApiNetwork): readonly (string | undefined)[] {
  return [rangeOf(String(cellOf(cidr))), rangeOf(String(cellOf(cidrV6)))];
}

function rangeOf(text: string): string | undefined {
  return text.includes('/') ? (Ipv4Cidr.tryParse(text) ?? Ipv6Cidr.tryParse(text))?.toString() : undefined;
}
