import { chmod, mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Only a directory that we make gets our mode. */
export async function makeDirectory(path: string): Promise<void> {
  const first = await mkdir(path, { recursive: true });
  if (first === undefined) return;
  for (let made = path; made.startsWith(first); made = dirname(made)) await chmod(made, 0o755);
}
