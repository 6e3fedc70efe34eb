import { InvalidAddressText } from './address.error.js';

declare const brand: unique symbol;
type Branded<Name extends string> = string & { readonly [brand]: Name };

/** The name of a Linux network device: 1 to 15 characters that no command line or file format treats specially. */
export type DeviceName = Branded<'DeviceName'>;

/** Throws InvalidAddressText. Linux allows more; we refuse what would need quoting anywhere. */
export function parseDeviceName(text: string): DeviceName {
  if (!isDeviceName(text))
    throw new InvalidAddressText('network device name (1 to 15 of A-Z a-z 0-9 . _ -)', text);
  return text;
}

function isDeviceName(text: string): text is DeviceName {
  return /^[A-Za-z0-9_][A-Za-z0-9._-]{0,14}$/.test(text);
}

/** The identity of a worker: stands in queue names, so no topic wildcard (`*`, `#`) may appear in it. */
export type HostName = Branded<'HostName'>;

/** Throws InvalidAddressText. */
export function parseHostName(text: string): HostName {
  if (!isHostName(text)) throw new InvalidAddressText('host name (A-Z a-z 0-9 . _ -)', text);
  return text;
}

/** Undefined for whatever is no host name, also for null and for what is no text. */
export function tryParseHostName(value: unknown): HostName | undefined {
  return typeof value === 'string' && isHostName(value) ? value : undefined;
}

function isHostName(text: string): text is HostName {
  return /^[A-Za-z0-9][A-Za-z0-9._-]{0,254}$/.test(text);
}
