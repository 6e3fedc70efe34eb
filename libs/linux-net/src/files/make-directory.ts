import { chmodSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';

/** Only a directory that we make gets our mode. */
export function makeDirectory(path: string): void {
  const first = mkdirSync(path, { recursive: true });
  if (first === undefined) return;
  for (let made = path; made.startsWith(first); made = dirname(made)) chmodSync(made, 0o755);
}
