import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { readIfExists, replaceFile } from './replace-file.js';

/** dnsmasq ignores names that begin with a dot. An inode's number would not do: it is used again at once. */
const IDENTITY = '.identity';

/**
 * Which directory it is: dnsmasq watches the one it found when it started, not another of the same name. Undefined when
 * there is none, or nobody has given it an identity.
 */
export function directoryIdentity(path: string): string | undefined {
  return readIfExists(join(path, IDENTITY));
}

/** Gives an existing directory an identity if it has none. */
export function ensureDirectoryIdentity(path: string): void {
  if (directoryIdentity(path) === undefined) replaceFile(join(path, IDENTITY), randomUUID());
}
