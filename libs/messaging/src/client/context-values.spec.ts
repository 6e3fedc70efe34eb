import { describe, expect, it } from 'vitest';

import { serviceContext, withoutSecrets } from './context-values.js';

describe("a service's own context", () => {
  it('has the time in the one form that old Python services can read', () => {
    expect(serviceContext()['timestamp']).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}$/);
  });

  it('carries on the request id', () => {
    expect(serviceContext('req-1')).toMatchObject({ request_id: 'req-1', is_admin: true, project_id: null });
    expect(serviceContext()['request_id']).toMatch(/^req-[0-9a-f-]{36}$/);
  });
});

describe('a context for calling onward', () => {
  it('is the received one, without secrets', () => {
    const received = { user_id: 'u', auth_token: 'secret', service_catalog: [{ type: 'volume' }], odd: 1 };
    expect(withoutSecrets(received)).toEqual({ user_id: 'u', auth_token: null, service_catalog: [], odd: 1 });
    expect(withoutSecrets({ user_id: 'u' })).toEqual({ user_id: 'u' });
  });
});
