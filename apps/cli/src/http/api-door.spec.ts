import { describe, expect, it } from 'vitest';
import { Doors } from './api-door.js';

// A file that can be read: it stands for the configuration of a controller.
const there = import.meta.filename;
const nowhere = '/nowhere/novanet.conf';

describe('which API is asked', () => {
  it.each([
    {
      name: 'that of --api-url',
      env: { NOVANET_API_URL: 'http://b' },
      url: 'http://a',
      file: there,
      asked: 'http://a',
    },
    {
      name: 'that of NOVANET_API_URL',
      env: { NOVANET_API_URL: 'http://b/' },
      file: there,
      asked: 'http://b',
    },
    {
      name: 'that of an endpoint with its version',
      env: { NOVANET_API_URL: 'http://b/v2.1/' },
      file: there,
      asked: 'http://b',
    },
    {
      name: 'the usual one, of who shows a token',
      env: { NOVANET_TOKEN: 't' },
      file: there,
      asked: 'http://127.0.0.1:8774',
    },
    {
      name: 'the usual one, where there is no configuration',
      env: {},
      file: nowhere,
      asked: 'http://127.0.0.1:8774',
    },
  ])('is $name', async ({ env, url, file, asked }) => {
    const doors = new Doors(env, file);
    expect(await doors.open(url === undefined ? {} : { apiUrl: url })).toEqual({
      url: asked,
      token: env.NOVANET_TOKEN ?? 'admin:admin',
    });
  });

  it('is not guessed when two are named', async () => {
    const opened = new Doors({}, nowhere).open({ apiUrl: 'http://a', configFile: ['/x'] });
    await expect(opened).rejects.toThrow(
      '--api-url asks that API, --config-file asks none: only one can be meant.',
    );
  });

  it.each(['controller:8774', 'ftp://controller', ''])('is none at "%s"', async (apiUrl) => {
    await expect(new Doors({}, nowhere).open({ apiUrl })).rejects.toThrow(/is not the address of an API/);
  });
});
