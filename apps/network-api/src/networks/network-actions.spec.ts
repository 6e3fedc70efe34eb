import { describe, expect, it } from 'vitest';
import { readNetworkAction } from './network-actions.js';

const ASSOCIATE = 'os_compute_api:os-networks-associate';

describe('POST /v2.1/os-networks/{uuid}/action', () => {
  it.each([
    [{ disassociate: null }, 'os_compute_api:os-networks', { host: null, project_id: null }],
    [{ disassociate_host: null }, ASSOCIATE, { host: null }],
    [{ disassociate_project: null }, ASSOCIATE, { project_id: null }],
    [{ associate_host: 'h-1.example' }, ASSOCIATE, { host: 'h-1.example' }],
  ])('%j is known', (body, rule, changes) => {
    expect(readNetworkAction(body)).toEqual({ rule, changes });
  });

  it.each([
    [undefined, 'Malformed request body'],
    ['disassociate', 'Malformed request body'],
    [{}, 'Malformed request body'],
    [{ disassociate: null, disassociate_host: null }, 'Malformed request body'],
    [{ explode: null }, 'There is no such action: explode'],
    [{ constructor: null }, 'There is no such action: constructor'],
    [{ associate_host: null }, 'field/attribute associate_host. Value: null.'],
    [{ associate_host: 7 }, 'field/attribute associate_host. Value: 7.'],
    [{ associate_host: '' }, 'field/attribute associate_host. Value: "".'],
    [{ associate_host: 'a b' }, `"a b" does not match '^[a-zA-Z0-9-._]*$'`],
  ])('%j is refused', (body, message) => {
    expect(() => readNetworkAction(body)).toThrow(message);
  });
});
