import type { Instance } from '@novanet/ipam';
import { isOpenStack } from '../tree/metadata-tree.js';

/** Whether who asks has to show a token, for each of the two trees (Amazon knows only its own). */
export interface TokenRules {
  readonly isRequired: boolean;
  readonly isRequiredForOpenStack: boolean;
}

/** What an instance's own metadata say of its metadata service: the names are those of Amazon's instance options. */
const HTTP_TOKENS = 'http_tokens';
const HTTP_ENDPOINT = 'http_endpoint';

/** Whether this instance shall have no metadata at all. */
export function isDisabled({ meta }: Pick<Instance, 'meta'>): boolean {
  return meta[HTTP_ENDPOINT] === 'disabled';
}

/** What the instance says of itself goes before the configuration, and is said of both trees. */
export function needsToken(
  { meta }: Pick<Instance, 'meta'>,
  names: readonly string[],
  { isRequired, isRequiredForOpenStack }: TokenRules,
): boolean {
  if (meta[HTTP_TOKENS] === 'required') return true;
  if (meta[HTTP_TOKENS] === 'optional') return false;
  return isOpenStack(names) ? isRequiredForOpenStack : isRequired;
}

const LONGEST_SECONDS = 21_600;

/** The life that is asked for a token, in seconds; undefined: that is none. */
export function tokenSeconds(header: string | undefined): number | undefined {
  if (header === undefined || !/^\d{1,5}$/.test(header)) return undefined;
  const seconds = Number(header);
  return seconds >= 1 && seconds <= LONGEST_SECONDS ? seconds : undefined;
}
