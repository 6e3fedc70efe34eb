import { InvalidArgumentError } from 'commander';

/** Parsers of option values. They throw commander's InvalidArgumentError, which names the option. */
export function parseCount(text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new InvalidArgumentError('It is not a number from 1.');
  return Number(text);
}

export function parseCounts(text: string): number[] {
  return text.split(',').map(parseCount);
}

/** "0,200": numbers from 0. */
export function parseSizes(text: string): number[] {
  return text.split(',').map((word) => (word === '0' ? 0 : parseCount(word)));
}

/** "/24,/16": prefix lengths, with or without the slash. */
export function parsePrefixLengths(text: string): number[] {
  return text.split(',').map((word) => {
    const length = Number(/^\/?(\d{1,2})$/.exec(word)?.[1]);
    if (!(length >= 8 && length <= 28)) throw new InvalidArgumentError('Sizes are /8 to /28.');
    return length;
  });
}

export function parsePercent(text: string): number {
  const percent = Number(text);
  if (text === '' || !(percent >= 0 && percent <= 100))
    throw new InvalidArgumentError('It is no percentage.');
  return percent;
}
