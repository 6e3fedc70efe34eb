import { InvalidAddressText } from '@novanet/net-address';

/** A row of nova's says something that cannot be. */
export class Unfit extends Error {}

/** What the work makes of a row, or why nothing can be made of it. */
export function attempt<T>(work: () => T): { readonly value: T } | { readonly reason: string } {
  try {
    return { value: work() };
  } catch (error) {
    if (error instanceof Unfit || error instanceof InvalidAddressText || error instanceof RangeError) {
      return { reason: error.message };
    }
    throw error;
  }
}

/** Throws {@link Unfit}. */
export function parseUuid(text: string | null): string {
  if (text === null || !/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)) {
    throw new Unfit(text === null ? 'has no uuid' : `"${text}" is no uuid`);
  }
  return text.toLowerCase();
}

/** Empty text means nothing, as in nova. */
export function optional<T>(text: string | null, parse: (text: string) => T): T | null {
  return text === null || text === '' ? null : parse(text);
}
