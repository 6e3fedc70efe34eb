import {
  Ipv4,
  Ipv4Cidr,
  Ipv6Cidr,
  parseDeviceName,
  parseHostName,
  parseIp,
  type Cidr,
  type DeviceName,
  type HostName,
  type IpAddress,
} from '@novanet/net-address';
import type { OptionType } from './option.js';

function single<T>(name: string, read: (text: string) => T): OptionType<T> {
  return { name, isRepeatable: false, meansDefault: (text) => text === '', read };
}

/** An empty text is a value of its own: none. */
const neverDefault = () => false;

function refuse(text: string, expected: string): never {
  throw new Error(`"${text}" is not ${/^[aeiou]/i.test(expected) ? 'an' : 'a'} ${expected}`);
}

export const ipv4: OptionType<Ipv4> = single('IPv4 address', (value) => Ipv4.parse(value));
export const ip: OptionType<IpAddress> = single('IP address', parseIp);
export const cidr: OptionType<Cidr> = single(
  'network',
  (value) => Ipv6Cidr.tryParse(value) ?? Ipv4Cidr.parse(value),
);
export const cidr4: OptionType<Ipv4Cidr> = single('IPv4 network', (value) => Ipv4Cidr.parse(value));
export const deviceName: OptionType<DeviceName> = single('network device name', parseDeviceName);
export const hostName: OptionType<HostName> = single('host name', parseHostName);
export const port: OptionType<number> = integer({ min: 1, max: 65_535 }, 'port number');

/** What becomes part of queue and exchange names. */
export const topic: OptionType<string> = single('name (A-Z a-z 0-9 . _ -)', (value) =>
  /^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(value) ? value : refuse(value, topic.name),
);

export const absolutePath: OptionType<string> = single('absolute path', (value) =>
  value.startsWith('/') ? value : refuse(value, absolutePath.name),
);

/** A file; one that is not absolute is looked for somewhere. */
export const filePath: OptionType<string> = single('path', (value) => value);

/** The program dnsmasq runs. nova's own, which stands in most files, knows nothing of this service: ours is meant. */
export const leaseProgram: OptionType<string> = {
  ...single('absolute path', (value) => absolutePath.read(value)),
  meansDefault: (text) => text === '' || /(^|\/)nova-dhcpbridge$/.test(text),
};

/** One line of text that nothing depends on but those who wrote it. */
export const label: OptionType<string> = single('text of up to 255 characters', (value) =>
  value.length <= 255 && !/[\n\r]/.test(value) ? value : refuse(value, label.name),
);

/** Never refused, because a refusal would repeat it. */
export const secret: OptionType<string> = single('text', (value) => value);

export const regularExpression: OptionType<RegExp> = single('regular expression', (value) => {
  try {
    return new RegExp(value);
  } catch {
    return refuse(value, regularExpression.name);
  }
});

/** A chain or target of iptables. */
export const chainName: OptionType<string> = single('chain name (A-Z a-z 0-9 _ -)', (value) =>
  /^[A-Za-z0-9_-]{1,28}$/.test(value) ? value : refuse(value, chainName.name),
);

/** A DNS domain or none: it becomes part of dnsmasq's command line. */
export const domain: OptionType<string> = {
  ...single('domain name', (value) =>
    /^([A-Za-z0-9]([A-Za-z0-9._-]{0,251}[A-Za-z0-9])?)?$/.test(value) ? value : refuse(value, domain.name),
  ),
  meansDefault: neverDefault,
};

export const boolean: OptionType<boolean> = single('boolean (true or false)', (value) => {
  // t and f: what Essex's flags took (--multi_host=T).
  if (/^(true|t|1|on|yes)$/i.test(value)) return true;
  if (/^(false|f|0|off|no)$/i.test(value)) return false;
  return refuse(value, boolean.name);
});

export function integer(
  limits: { readonly min: number; readonly max?: number },
  noun = 'whole number',
): OptionType<number> {
  const { min, max = Number.MAX_SAFE_INTEGER } = limits;
  const range = limits.max === undefined ? `${min} or more` : `${min} to ${max}`;
  const name = `${noun} (${range})`;
  return single(name, (value) => {
    const number = Number(value);
    return /^-?\d+$/.test(value) && number >= min && number <= max ? number : refuse(value, name);
  });
}

/** Node's timers count milliseconds in 31 bits; a longer one would end at once. */
export const seconds: OptionType<number> = integer({ min: 1, max: 2_147_483 }, 'number of seconds');

/** The same, where none is a choice. */
export const secondsOrNone: OptionType<number> = integer({ min: 0, max: 2_147_483 }, 'number of seconds');

/** A limit; -1 means that there is none. */
export const quota: OptionType<number> = integer({ min: -1 });

export function choice<const T extends string>(...values: readonly T[]): OptionType<T> {
  const name = `one of ${values.join(', ')}`;
  return single(name, (value) => {
    const chosen = values.find((one) => one === value);
    if (chosen === undefined) throw new Error(`"${value}" is not ${name}`);
    return chosen;
  });
}

/**
 * One of several ways to do something. nova loads a class by its path; here a path is one of the names of a way.
 * @param ways each begins with the value it is read as; that and the names after it may be written in any case
 */
export function implementation<const T extends string>(
  ...ways: readonly (readonly [value: T, ...names: readonly string[]])[]
): OptionType<T> {
  const shown = ways.map(([value, path]) => (path === undefined ? value : `${value} (${path})`)).join(', ');
  return single(`one of ${shown}`, (value) => {
    const written = value.toLowerCase();
    const chosen = ways.find((names) => names.some((name) => name.toLowerCase() === written));
    if (!chosen) throw new Error(`"${value}" is not supported; write one of ${shown}`);
    return chosen[0];
  });
}

/** The given type, or nothing: an empty text is null. */
export function optional<T>(type: OptionType<T>): OptionType<T | null> {
  const read = (value: string) => (value === '' ? null : type.read(value));
  return { ...type, meansDefault: neverDefault, read };
}

/** Separated by commas; the last assignment counts (oslo.config's ListOpt). */
export function list<T>(item: OptionType<T>): OptionType<readonly T[]> {
  return {
    name: `list, each ${item.name}`,
    isRepeatable: false,
    meansDefault: neverDefault,
    read: (value) => words(value).map((word) => item.read(word)),
  };
}

/** One per assignment, all of them count (oslo.config's MultiStrOpt); commas separate as well. */
export function repeated<T>(item: OptionType<T>): OptionType<readonly T[]> {
  return { ...list(item), name: `repeated, each ${item.name}`, isRepeatable: true };
}

/** Device names, or null for nova's word `all`. */
export const forwardInterfaces: OptionType<readonly DeviceName[] | null> = {
  ...repeated(deviceName),
  name: 'repeated, each network device name, or all',
  read: (value) => (words(value).includes('all') ? null : repeated(deviceName).read(value)),
};

function words(value: string): string[] {
  return value
    .split(/[,\n]/)
    .map((word) => word.trim())
    .filter((word) => word !== '');
}
