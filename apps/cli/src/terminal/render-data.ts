import { createRequire } from 'node:module';
import type * as Yaml from 'yaml';

/** The data as --json and --yaml want it; undefined when neither is said. */
export function renderData(
  data: unknown,
  { json, yaml }: { readonly json?: boolean; readonly yaml?: boolean },
): string | undefined {
  if (json) return JSON.stringify(data, undefined, 2);
  if (!yaml) return undefined;
  return yamlPackage().stringify(data, { lineWidth: 0 }).trimEnd();
}

// Read when it is needed: the command must start at once.
function yamlPackage(): typeof Yaml {
  return createRequire(import.meta.url)('yaml');
}
