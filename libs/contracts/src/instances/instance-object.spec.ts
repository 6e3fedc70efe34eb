import { parseHostName } from '@novanet/net-address';
import { expect, it } from 'vitest';
import { instanceObject } from './instance-object.js';

it('an instance travels to its compute service with what that needs to find it', () => {
  const uuid = '1a1b1c1d-1111-4222-8333-444455556666';
  const host = parseHostName('compute1');
  expect(instanceObject({ computeId: 42, uuid, host, projectId: '9f3c', userId: 'u1' })).toEqual({
    'nova_object.name': 'Instance',
    'nova_object.namespace': 'nova',
    'nova_object.version': '2.1',
    'nova_object.data': { id: 42, uuid, host: 'compute1', project_id: '9f3c', user_id: 'u1' },
  });
});
