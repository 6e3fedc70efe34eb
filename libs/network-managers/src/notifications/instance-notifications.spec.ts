import { InstanceInUse, type Instance } from '@novanet/ipam';
import { parseHostName } from '@novanet/net-address';
import { describe, expect, it } from 'vitest';
import { ForgetInstance } from '../security-groups/forget-instance.js';
import { InstanceNotifications } from './instance-notifications.js';

const uuid = '1a1b1c1d-1111-4222-8333-444455556666';
const compute1 = parseHostName('compute1');
const deletion = {
  eventType: 'compute.instance.delete.end',
  payload: { instance_id: uuid },
  sentAt: undefined,
};

/** What is done, in order. */
function flow(known: Pick<Instance, 'host'> | undefined, refusals: Error[] = []) {
  const done: string[] = [];
  const find = async () => known as Instance | undefined;
  const remove = async (instance: string) => {
    const refusal = refusals.shift();
    if (refusal) throw refusal;
    done.push(`remove ${instance}`);
  };
  const membersChanged = async (instance: string) => void done.push(`refresh for ${instance}`);
  const handler = new InstanceNotifications(
    { find, observe: async () => undefined },
    async (instance) => void done.push(`deallocate ${instance}`),
    new ForgetInstance({ find, remove }, { membersChanged }),
  );
  return { handler, done };
}

describe('the deletion of an instance', () => {
  it('gives back what it holds, tells those who let it in, and forgets it, in this order', async () => {
    const { handler, done } = flow({ host: compute1 });
    expect(await handler.handle(deletion)).toEqual({
      uuid,
      hostBefore: compute1,
      hostAfter: null,
      isRenamed: false,
      isDeleted: true,
    });
    expect(done).toEqual([`deallocate ${uuid}`, `refresh for ${uuid}`, `remove ${uuid}`]);
  });

  it('is remembered of an instance that nobody knows', async () => {
    const { handler, done } = flow(undefined);
    expect(await handler.handle(deletion)).toMatchObject({ hostBefore: null, isDeleted: true });
    expect(done).toEqual([`deallocate ${uuid}`, `remove ${uuid}`]);
  });

  it('can be handled again when the instance got an address meanwhile', async () => {
    const { handler, done } = flow({ host: compute1 }, [new InstanceInUse(uuid, ['10.0.0.4'])]);
    await expect(handler.handle(deletion)).rejects.toThrow(InstanceInUse);
    await handler.handle(deletion);
    expect(done.at(-1)).toBe(`remove ${uuid}`);
  });
});

it('a notification that says nothing changes nothing', async () => {
  const { handler, done } = flow({ host: compute1 });
  expect(await handler.handle({ ...deletion, eventType: 'compute.instance.delete.start' })).toBeUndefined();
  expect(
    await handler.handle({ ...deletion, eventType: 'compute.instance.update', sentAt: new Date() }),
  ).toBe(undefined);
  expect(done).toEqual([]);
});
