/**
 * Whether a server that implements one version serves a request for another: same major number, requested minor
 * not larger, and with equal minors a requested third number that is not larger. What is not a version is served
 * by nobody; "1" means "1.0".
 */
export function isCompatible(implemented: string, requested: string): boolean {
  const have = parseVersion(implemented);
  const want = parseVersion(requested);
  if (!have || !want || have.major !== want.major) return false;
  if (want.minor !== have.minor) return want.minor < have.minor;
  return want.revision <= have.revision;
}

function parseVersion(text: string): { major: number; minor: number; revision: number } | undefined {
  if (!/^\d+(\.\d+){0,2}$/.test(text)) return undefined;
  const [major = 0, minor = 0, revision = 0] = text.split('.').map(Number);
  return { major, minor, revision };
}
