import { readdir } from 'node:fs/promises';
import { isMissing } from './replace-file.js';

/** The names in a directory; none when it does not exist. */
export async function filesIn(directory: string): Promise<string[]> {
  try {
    return await readdir(directory);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}
