import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { addressOf, allocate, createNetwork, failureOf } from '../testing/requests.js';
import { sharedWorker } from '../testing/test-worker.js';

const shared = sharedWorker();

describe('an address', () => {
  it('is shown to its project and to administrators only', async () => {
    const worker = shared();
    await createNetwork(worker);
    const address = addressOf(await allocate(worker, randomUUID()));
    const ask = (project_id: string) => {
      const context = { user_id: 'u', project_id, is_admin: false };
      const target = { topic: worker.topic, version: '1.0' };
      return worker.client.call(target, 'get_fixed_ip_by_address', { address }, { context });
    };
    expect(await ask('p')).toMatchObject({ 'nova_object.data': { address } });
    expect(await failureOf(ask('other'))).toContain('Forbidden: Not authorized.');
  });
});
