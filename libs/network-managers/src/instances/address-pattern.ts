import { InvalidInput } from '@novanet/ipam';

/** Longer ones name no address. */
const LONGEST = 64;

/**
 * How often a pattern may leave a choice: with each, the tries may grow by the length of an address, and an IPv6 address
 * is more than twice as long as an IPv4 one.
 */
const MOST_CHOICES = { ip: 3, ip6: 2 };

/** What the beginning of an address is to match. */
export type AddressPattern = (address: string) => boolean;

/**
 * A regular expression as nova takes it. A matcher can be made to try for hours; so one that leaves many choices, repeats
 * a group, or looks around or back, is refused: no search for an address needs that. Throws InvalidInput.
 */
export function addressPattern(name: keyof typeof MOST_CHOICES, text: string): AddressPattern {
  const choices = text.match(/[*+?{|]/g) ?? [];
  const isSimple =
    text.length <= LONGEST && choices.length <= MOST_CHOICES[name] && !/\)[*+?{]|\\[1-9k]|\(\?/.test(text);
  if (!isSimple) throw new InvalidInput(`${name}: the pattern is too complicated for an address`);
  const expression = compiled(name, text);
  return (address) => {
    expression.lastIndex = 0;
    return expression.test(address);
  };
}

/** Sticky: it matches where it is told to begin, and nowhere else. */
function compiled(name: string, text: string): RegExp {
  try {
    return new RegExp(text, 'y');
  } catch {
    throw new InvalidInput(`${name}: ${JSON.stringify(text)} is no pattern`);
  }
}
