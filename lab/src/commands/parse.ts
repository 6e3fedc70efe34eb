import { InvalidArgumentError } from 'commander';

import { managerNames, managers, type ManagerName } from '../plan/configuration.js';

/** Parsers of option values. They throw commander's InvalidArgumentError, which names the option. */
export function parsePort(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port < 1 || port > 65_535) throw new InvalidArgumentError('It is not a port.');
  return port;
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
