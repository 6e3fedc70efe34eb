import { stat } from 'node:fs/promises';
import { isMissing } from './replace-file.js';

/**
 * Which directory it is: dnsmasq watches the one it found when it started, not another of the same name. Undefined when
 * there is none.
 */
export async function directoryIdentity(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).ino;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}
