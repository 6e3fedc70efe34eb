import { expect, it } from 'vitest';
import { namesOfPath } from './request-path.js';

it.each([
  { target: '/', names: [] },
  { target: '', names: [] },
  { target: '//', names: [] },
  { target: '/latest/meta-data/', names: ['latest', 'meta-data'] },
  { target: '//openstack//latest//user_data', names: ['openstack', 'latest', 'user_data'] },
  { target: '/openstack/../latest/./meta-data/instance-id', names: ['latest', 'meta-data', 'instance-id'] },
  { target: '/../../latest', names: ['latest'] },
  { target: '/latest?x=/y', names: ['latest'] },
  { target: '/latest/meta%2Ddata', names: ['latest', 'meta-data'] },
  { target: '/latest%2Fmeta-data', names: ['latest', 'meta-data'] },
  { target: 'http://169.254.169.254/latest/user-data', names: ['latest', 'user-data'] },
  { target: 'http://169.254.169.254', names: [] },
  { target: '/%zz', names: undefined },
  { target: '*', names: ['*'] },
])('reads $target', ({ target, names }) => {
  expect(namesOfPath(target)).toEqual(names);
});
