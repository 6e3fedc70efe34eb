import { InvalidAddress, InvalidCidr, InvalidInput, InvalidIntValue, InvalidUUID } from '@novanet/ipam';
import {
  Ipv4Cidr,
  Ipv6Cidr,
  parseDeviceName,
  tryParseIp,
  type DeviceName,
  type IpAddress,
} from '@novanet/net-address';

/** An argument that callers leave out, or send as null or as an empty text. */
export function isAbsent(value: unknown): value is undefined | null | '' {
  return value === undefined || value === null || value === '';
}

/** A whole number, also as text. Throws InvalidIntValue naming the argument. */
export function intArgument(key: string, value: unknown): number | undefined {
  if (isAbsent(value)) return undefined;
  const number = typeof value === 'string' && /^\s*-?\d+\s*$/.test(value) ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isSafeInteger(number)) throw new InvalidIntValue(key);
  return number;
}

/** nova's booleans: 1, t, true, on, y, yes in any case are true, everything else is false. */
export function booleanArgument(value: unknown): boolean | undefined {
  if (isAbsent(value)) return undefined;
  return ['1', 't', 'true', 'on', 'y', 'yes'].includes(textOf(value).trim().toLowerCase());
}

export function textArgument(key: string, value: unknown, maxLength: number): string | undefined {
  if (isAbsent(value)) return undefined;
  if (typeof value !== 'string' || value.length > maxLength) {
    throw new InvalidInput(`${key} must be a text of at most ${maxLength} characters`);
  }
  return value;
}

/** Throws InvalidAddress. */
export function addressArgument(value: unknown): IpAddress | undefined {
  if (isAbsent(value)) return undefined;
  const address = tryParseIp(textOf(value));
  if (!address) throw new InvalidAddress(textOf(value));
  return address;
}

/** Throws InvalidCidr. */
export function ipv4CidrArgument(value: unknown): Ipv4Cidr | undefined {
  if (isAbsent(value)) return undefined;
  const cidr = Ipv4Cidr.tryParse(textOf(value));
  if (!cidr) throw new InvalidCidr(textOf(value));
  return cidr;
}

/** Throws InvalidCidr. */
export function ipv6CidrArgument(value: unknown): Ipv6Cidr | undefined {
  if (isAbsent(value)) return undefined;
  const cidr = Ipv6Cidr.tryParse(textOf(value));
  if (!cidr) throw new InvalidCidr(textOf(value));
  return cidr;
}

export function deviceArgument(key: string, value: unknown): DeviceName | undefined {
  if (isAbsent(value)) return undefined;
  try {
    return parseDeviceName(textOf(value));
  } catch (error) {
    throw new InvalidInput(`${key}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Throws InvalidUUID. */
export function uuidArgument(value: unknown): string | undefined {
  if (isAbsent(value)) return undefined;
  if (!isUuid(value)) throw new InvalidUUID(textOf(value));
  return value.toLowerCase();
}

export function isUuid(value: unknown): value is string {
  return typeof value === 'string' && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value);
}

/** The value as a message names it. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}
