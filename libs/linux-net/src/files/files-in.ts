import { readdirSync } from 'node:fs';
import { isMissing } from './replace-file.js';

/** The names in a directory; none when it does not exist. */
export function filesIn(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}
