import { maximumVersion, minimumVersion } from './microversion.js';

const legacy = {
  id: 'v2.0',
  status: 'SUPPORTED',
  version: '',
  min_version: '',
  updated: '2011-01-21T11:33:21Z',
};
const current = {
  id: 'v2.1',
  status: 'CURRENT',
  version: maximumVersion,
  min_version: minimumVersion,
  updated: '2013-07-23T11:33:21Z',
};

/** `GET /`: what clients read first. */
export function versionList(baseUrl: string) {
  return {
    versions: [
      { ...legacy, links: [{ rel: 'self', href: `${baseUrl}/v2/` }] },
      { ...current, links: [{ rel: 'self', href: `${baseUrl}/v2.1/` }] },
    ],
  };
}

/** `GET /v2.1` and `GET /v2`. */
export function versionDocument(id: 'v2' | 'v2.1', baseUrl: string) {
  const type =
    id === 'v2'
      ? 'application/vnd.openstack.compute+json;version=2'
      : 'application/vnd.openstack.compute+json;version=2.1';
  return {
    version: {
      ...(id === 'v2' ? legacy : current),
      links: [
        { rel: 'self', href: `${baseUrl}/${id}/` },
        { rel: 'describedby', type: 'text/html', href: 'http://docs.openstack.org/' },
      ],
      'media-types': [{ base: 'application/json', type }],
    },
  };
}
