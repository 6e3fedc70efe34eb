import { describe, expect, it } from 'vitest';
import { readComputeUrl } from './compute-url.js';

const uuid = '20c8acc0-f747-4d71-a389-46d078ebf047';

describe('readComputeUrl', () => {
  it.each([
    ['/v2.1/os-networks', '/v2.1/os-networks'],
    ['/v2.1/os-networks/', '/v2.1/os-networks'],
    ['/v2.1/os-networks.json', '/v2.1/os-networks'],
    [`/v2.1/os-networks/${uuid}.json?x=/y`, `/v2.1/os-networks/${uuid}?x=/y`],
    ['/v2.1/7c0ce0b51c8b4b6d/os-networks', '/v2.1/os-networks'],
    [`/v2.1/${uuid}/os-networks/${uuid}`, `/v2.1/os-networks/${uuid}`],
    [`/v2.1/os-networks/${uuid}`, `/v2.1/os-networks/${uuid}`],
  ])('%s is %s', (original, url) => {
    expect(readComputeUrl(original)).toMatchObject({ url, isLegacy: false });
  });

  it.each([
    ['/v2/os-networks', '/v2.1/os-networks'],
    ['/v2/7c0ce0b51c8b4b6d/os-networks?limit=1', '/v2.1/os-networks?limit=1'],
  ])('%s is %s in the older form', (original, url) => {
    expect(readComputeUrl(original)).toMatchObject({ url, isLegacy: true });
  });

  it.each([
    '/',
    '/v2',
    '/v2/',
    '/v2.1',
    '/v2.1/',
    '/v1/services',
    '/v1/instances/x.json',
    '/v2.10/os-networks',
  ])('leaves %s alone', (original) => {
    expect(readComputeUrl(original)).toEqual({ url: original, isLegacy: false, project: undefined });
  });

  it('knows the project that stands in the path', () => {
    expect(readComputeUrl('/v2.1/7c0ce0b51c8b4b6d/os-networks').project).toBe('7c0ce0b51c8b4b6d');
    expect(readComputeUrl('/v2.1/os-networks').project).toBeUndefined();
  });
});
