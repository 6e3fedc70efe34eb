import { describe, expect, it } from 'vitest';
import { versionDocument, versionList } from './version-documents.js';

describe('the version documents', () => {
  it('list both forms of the API, as nova does', () => {
    expect(versionList('http://controller:8774')).toEqual({
      versions: [
        {
          id: 'v2.0',
          status: 'SUPPORTED',
          version: '',
          min_version: '',
          updated: '2011-01-21T11:33:21Z',
          links: [{ rel: 'self', href: 'http://controller:8774/v2/' }],
        },
        {
          id: 'v2.1',
          status: 'CURRENT',
          version: '2.25',
          min_version: '2.1',
          updated: '2013-07-23T11:33:21Z',
          links: [{ rel: 'self', href: 'http://controller:8774/v2.1/' }],
        },
      ],
    });
  });

  it('describe the current form, as nova does', () => {
    expect(versionDocument('v2.1', 'http://controller:8774')).toEqual({
      version: {
        id: 'v2.1',
        status: 'CURRENT',
        version: '2.25',
        min_version: '2.1',
        updated: '2013-07-23T11:33:21Z',
        links: [
          { rel: 'self', href: 'http://controller:8774/v2.1/' },
          { rel: 'describedby', type: 'text/html', href: 'http://docs.openstack.org/' },
        ],
        'media-types': [
          { base: 'application/json', type: 'application/vnd.openstack.compute+json;version=2.1' },
        ],
      },
    });
  });

  it('describe the older form, as nova does', () => {
    expect(versionDocument('v2', 'http://controller:8774').version).toMatchObject({
      id: 'v2.0',
      version: '',
    });
  });
});
