import { expect, it } from 'vitest';

import { serviceContext } from '../client/context-values.js';
import { publicContext } from './public-context.js';

it('everybody may know who asked, and nobody gets what lets them ask for more', () => {
  const identity = { user_id: 'u1', project_id: 'p1', tenant: 'p1', roles: ['member'], request_id: 'req-1' };
  const secrets = { auth_token: 'gAAAAB', service_catalog: [{ type: 'volume' }], trust_id: 't1', odd: 1 };
  expect(publicContext({ ...identity, ...secrets })).toEqual(identity);
});

it('nothing is left out of what a service does on its own account', () => {
  const own = serviceContext('req-1');
  expect(publicContext(own)).toEqual(own);
});
