/** A request's path in the one form that the controllers know, and whether it came by nova's older `/v2`. */
export interface ComputeUrl {
  readonly url: string;
  readonly isLegacy: boolean;
  /** The project that stands in it. */
  readonly project: string | undefined;
}

/**
 * nova's callers write the same resource in several ways: `/v2.1/{project}/os-networks`, `/v2/…`, a trailing slash or
 * `.json`. All become `/v2.1/os-networks`. Paths outside of `/v2` stay as they are.
 */
export function readComputeUrl(original: string): ComputeUrl {
  const [path, query] = splitQuery(original);
  const match = /^\/(v2(?:\.1)?)\/(?:([0-9a-f-]+)\/)?(.+)$/.exec(path);
  const [, version, project, rest] = match ?? [];
  if (!rest) return { url: original, isLegacy: false, project: undefined };
  const resource = rest.replace(/\/+$/, '').replace(/\.json$/, '');
  return { url: `/v2.1/${resource}${query}`, isLegacy: version === 'v2', project };
}

function splitQuery(url: string): [path: string, query: string] {
  const at = url.indexOf('?');
  return at < 0 ? [url, ''] : [url.slice(0, at), url.slice(at)];
}
