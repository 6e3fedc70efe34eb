import { stat } from 'node:fs/promises';

/** That of this process. */
export const OWN_NAMESPACE = '/proc/self/ns/net';

/** The same for two paths of the same network namespace. Undefined when there is none. */
export async function namespaceIdentity(path: string): Promise<string | undefined> {
  const found = await stat(path).catch(() => undefined);
  return found && `${found.dev}:${found.ino}`;
}
