import { InvalidInput } from '@novanet/ipam';
import { tryParseHostName, type HostName } from '@novanet/net-address';

/** Throws InvalidInput. */
export function hostNamed(value: unknown): HostName {
  const host = tryParseHostName(value);
  if (!host) throw new InvalidInput(`${JSON.stringify(value)} is no host name`);
  return host;
}
