/** A version of the compute API that a caller may ask for: 2.1 to 2.25. */
export const minimumVersion = '2.1';
/** From 2.36 on, clients use the Networking API instead of this one. */
export const maximumVersion = '2.25';

/** What the headers of a request ask for: a version that exists, or the refusal. */
export type AskedVersion =
  { readonly version: string } | { readonly status: 400 | 406; readonly message: string };

/**
 * @param header `X-OpenStack-Nova-API-Version: 2.12`, or `latest`
 * @param commonHeader `OpenStack-API-Version: compute 2.12`, possibly beside other services
 */
export function readMicroversion(header: string | undefined, commonHeader: string | undefined): AskedVersion {
  const asked = header?.trim() ?? computePart(commonHeader) ?? minimumVersion;
  if (asked === 'latest') return { version: maximumVersion };
  const [, minor] = /^2\.(0|[1-9]\d*)$/.exec(asked) ?? [];
  if (minor === undefined && !/^[1-9]\d*\.(0|[1-9]\d*)$/.test(asked)) {
    const message = `API Version String ${asked} is of invalid format. Must be of format MajorNum.MinorNum.`;
    return { status: 400, message };
  }
  if (minor === undefined || Number(minor) < 1 || Number(minor) > Number(maximumVersion.slice(2))) {
    const range = `Minimum is ${minimumVersion} and maximum is ${maximumVersion}.`;
    return { status: 406, message: `Version ${asked} is not supported by the API. ${range}` };
  }
  return { version: asked };
}

function computePart(header: string | undefined): string | undefined {
  const parts = header?.split(',').map((part) => part.trim().split(/\s+/)) ?? [];
  return parts.find(([service]) => service === 'compute')?.[1];
}
