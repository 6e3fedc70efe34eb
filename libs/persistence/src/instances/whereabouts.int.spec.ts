import { describe, expect, test } from 'vitest';
import { createNetwork, host, registration, someInstance } from '../testing/fixtures.js';
import { scratchIpam } from '../testing/scratch-ipam.js';

const [c1, c2, c3] = [host('c1'), host('c2'), host('c3')];

async function instanceOn(where: typeof c1 | null) {
  const ipam = await scratchIpam();
  const { uuid } = await ipam.instances.register(registration({ host: where }));
  return { ipam, uuid };
}

describe('an instance', () => {
  test('is where it runs, and where it is expected', async () => {
    const { ipam, uuid } = await instanceOn(c2);
    expect(await ipam.whereabouts.hostsOf(uuid)).toEqual([c2]);
    await ipam.whereabouts.expect(uuid, c3);
    await ipam.whereabouts.expect(uuid, c1);
    expect(await ipam.whereabouts.hostsOf(uuid)).toEqual([c2, c1, c3]);
    expect([await ipam.whereabouts.on(c1), await ipam.whereabouts.on(c2)]).toEqual([[uuid], [uuid]]);
  });

  test('that has arrived is expected there no more, and not where it was before', async () => {
    const { ipam, uuid } = await instanceOn(c1);
    await ipam.whereabouts.expect(uuid, c2);
    await ipam.whereabouts.arrived(uuid, c2);
    await ipam.whereabouts.arrived(uuid, c2);
    expect(await ipam.whereabouts.hostsOf(uuid)).toEqual([c2]);
    expect(await ipam.instances.find(uuid)).toMatchObject({ host: c2 });
    await ipam.whereabouts.arrived(uuid, c1);
    expect(await ipam.whereabouts.hostsOf(uuid)).toEqual([c1]);
  });

  test.each([
    { name: 'expected twice', steps: ['expect c2', 'expect c2'], hosts: ['c1', 'c2'] },
    { name: 'expected where it runs', steps: ['expect c1'], hosts: ['c1'] },
    { name: 'not expected after all', steps: ['expect c2', 'unexpect c2', 'unexpect c2'], hosts: ['c1'] },
    { name: 'not expected where it runs', steps: ['unexpect c1'], hosts: ['c1'] },
    { name: 'arrived somewhere else', steps: ['expect c2', 'arrived c3'], hosts: ['c3', 'c2'] },
    { name: 'back from a move', steps: ['expect c2', 'arrived c2', 'arrived c1'], hosts: ['c1'] },
  ])('$name is on $hosts', async ({ steps, hosts }) => {
    const { ipam, uuid } = await instanceOn(c1);
    for (const step of steps) {
      const [what, where] = step.split(' ') as ['expect' | 'unexpect' | 'arrived', string];
      await ipam.whereabouts[what](uuid, host(where));
    }
    expect(await ipam.whereabouts.hostsOf(uuid)).toEqual(hosts);
  });

  test('is named once where it is expected and turned up without a word', async () => {
    const { ipam, uuid } = await instanceOn(null);
    const network = await createNetwork(ipam, '10.0.0.0/24');
    await ipam.whereabouts.expect(uuid, c2);
    await ipam.fixedIps.allocate({ instance: someInstance({ uuid, host: c2 }), nics: [{ network }] });
    expect(await ipam.whereabouts.hostsOf(uuid)).toEqual([c2]);
    expect(await ipam.whereabouts.on(c2)).toEqual([uuid]);
  });

  test('that nobody knows is nowhere, whatever is said of it', async () => {
    const ipam = await scratchIpam();
    const { uuid } = someInstance();
    const before = await ipam.dump();
    await ipam.whereabouts.expect(uuid, c1);
    await ipam.whereabouts.arrived(uuid, c1);
    await ipam.whereabouts.unexpect(uuid, c1);
    expect(await ipam.whereabouts.hostsOf(uuid)).toEqual([]);
    expect(await ipam.dump()).toEqual(before);
  });

  test('that is deleted is expected nowhere', async () => {
    const { ipam, uuid } = await instanceOn(c1);
    await ipam.whereabouts.expect(uuid, c2);
    await ipam.instances.remove(uuid);
    expect([await ipam.whereabouts.hostsOf(uuid), await ipam.whereabouts.on(c2)]).toEqual([[], []]);
  });

  test('expected by many hosts at once is expected by each', async () => {
    const { ipam, uuid } = await instanceOn(c1);
    const hosts = Array.from({ length: 12 }, (_, index) => host(`h${String(index).padStart(2, '0')}`));
    await Promise.all([...hosts, ...hosts].map((who) => ipam.whereabouts.expect(uuid, who)));
    expect(await ipam.whereabouts.hostsOf(uuid)).toEqual([c1, ...hosts]);
  });
});
