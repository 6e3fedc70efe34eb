import { isIP } from 'node:net';

import { InvalidArgumentError } from 'commander';

import type { Ports, Protocol } from '../instances/allow.js';
import { managerNames, managers, type ManagerName } from '../plan/configuration.js';

/** Parsers of arguments and option values. They throw commander's InvalidArgumentError, which names the option. */
export function parsePort(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port < 1 || port > 65_535) throw new InvalidArgumentError('It is not a port.');
  return port;
}

/** A port, or the first and the last one. */
export function parsePorts(text: string): Ports {
  const [first = '', last = first, ...more] = text.split(/[-:]/);
  const ports = { first: parsePort(first), last: parsePort(last) };
  if (more.length > 0 || ports.first > ports.last) {
    throw new InvalidArgumentError('It is neither a port nor a range such as 8000-8080.');
  }
  return ports;
}

export function parseProtocol(text: string): Protocol {
  const protocol = text.toLowerCase();
  if (protocol === 'tcp' || protocol === 'udp' || protocol === 'icmp') return protocol;
  throw new InvalidArgumentError('Known are tcp, udp, icmp.');
}

/** By version. */
const longestPrefix = new Map([
  [4, 32],
  [6, 128],
]);

/** A block of addresses, or an address: the block of it alone. */
export function parseCidr(text: string): string {
  const [address = '', prefix, ...more] = text.split('/');
  const longest = longestPrefix.get(isIP(address)) ?? -1;
  const length = prefix === undefined ? longest : /^\d{1,3}$/.test(prefix) ? Number(prefix) : -1;
  if (length < 0 || length > longest || more.length > 0 || address.includes('%')) {
    throw new InvalidArgumentError('It is neither an address nor a block such as 198.51.100.0/24.');
  }
  return `${address}/${length}`;
}

export function parseCount(text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new InvalidArgumentError('It is not a number from 1.');
  return Number(text);
}

/** A short name, or nova's name of the class with or without its module. */
export function parseManager(text: string): ManagerName {
  for (const name of managerNames) {
    const path = managers[name];
    if ([name, path, path.split('.').at(-1)].includes(text)) return name;
  }
  const classes = Object.values(managers).join(', ');
  throw new InvalidArgumentError(`Known are ${managerNames.join(', ')}, or ${classes}.`);
}

/** Collects KEY=VALUE of a repeated option. */
export function parsePair(text: string, before: Readonly<Record<string, string>>): Record<string, string> {
  const equals = text.indexOf('=');
  if (equals < 1) throw new InvalidArgumentError('It is not KEY=VALUE.');
  return { ...before, [text.slice(0, equals)]: text.slice(equals + 1) };
}

/** Collects the values of a repeated option. */
export function collect(text: string, before: readonly string[]): string[] {
  return [...before, text];
}

export function parseKernel(text: string): 'namespace' {
  if (text === 'namespace') return text;
  if (text === 'uml') {
    throw new InvalidArgumentError(
      'Hosts with a kernel of their own are not available yet: leave out --kernel.',
    );
  }
  throw new InvalidArgumentError('Known are namespace, uml.');
}
