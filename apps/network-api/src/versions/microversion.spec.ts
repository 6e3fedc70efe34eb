import { describe, expect, it } from 'vitest';
import { readMicroversion } from './microversion.js';

describe('readMicroversion', () => {
  it.each([
    { name: 'none is the oldest', header: undefined, common: undefined, version: '2.1' },
    { name: 'the oldest', header: '2.1', common: undefined, version: '2.1' },
    { name: 'the newest', header: '2.25', common: undefined, version: '2.25' },
    { name: 'latest', header: 'latest', common: undefined, version: '2.25' },
    { name: 'spaces around', header: ' 2.12 ', common: undefined, version: '2.12' },
    { name: 'the common header', header: undefined, common: 'compute 2.12', version: '2.12' },
    {
      name: 'the common header of two services',
      header: undefined,
      common: 'volume 3.9, compute 2.3',
      version: '2.3',
    },
    { name: 'the common header of another service', header: undefined, common: 'volume 3.9', version: '2.1' },
    { name: 'both headers: the older one', header: '2.4', common: 'compute 2.12', version: '2.4' },
  ])('$name', ({ header, common, version }) => {
    expect(readMicroversion(header, common)).toEqual({ version });
  });

  it.each(['2.26', '2.99', '2.0', '3.1', '1.1'])('refuses %s, which does not exist', (asked) => {
    expect(readMicroversion(asked, undefined)).toEqual({
      status: 406,
      message: `Version ${asked} is not supported by the API. Minimum is 2.1 and maximum is 2.25.`,
    });
  });

  it.each(['2', '2.1.1', '2.01', 'v2.1', 'two', ''])('refuses "%s", which is no version', (asked) => {
    expect(readMicroversion(asked, undefined)).toEqual({
      status: 400,
      message: `API Version String ${asked} is of invalid format. Must be of format MajorNum.MinorNum.`,
    });
  });
});
