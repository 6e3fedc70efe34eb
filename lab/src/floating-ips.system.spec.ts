import { spawn } from 'node:child_process';
import { isDeepStrictEqual } from 'node:util';

import { expectNoPing, expectPing, httpGet, inNamespace, waitFor } from '@novanet/testbed';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { addressesOn, macOf, neighbour } from './testing/kernel-facts.js';
import { lab } from './testing/run-lab.js';
import { TestCloud, type TestInstance } from './testing/test-cloud.js';

const name = 'sysfloat';
let cloud: TestCloud;
let one: TestInstance;
let two: TestInstance;
let floating: string;

beforeAll(async () => {
  cloud = await TestCloud.up(name, '--hosts', '2', '--multi-host');
  [one, two] = await Promise.all([cloud.boot('one', 'h1'), cloud.boot('two', 'h2')]);
  for (const instance of [one, two]) serveItsName(instance);
  for (const words of [['tcp', '80'], ['icmp']]) await cloud.run('allow', 'one', ...words);
});
afterAll(() => lab('down', '--lab', name));

/** A web server in the instance that says which one answered, and whom. It ends with the instance. */
function serveItsName({ name: label, netns }: TestInstance): void {
  const script = `require('node:http').createServer((request, response) => {
    const client = request.socket.remoteAddress.replace('::ffff:', '');
    response.end(JSON.stringify({ name: process.argv[1], client }));
  }).listen(80)`;
  const [program = '', ...args] = inNamespace(netns, [process.execPath, '-e', script, label]);
  spawn(program, args, { stdio: 'ignore', detached: true }).unref();
}

const outside = () => cloud.status.outside;

/** Who answers on the floating IP, asked from outside. */
async function answering(limitMs = 5_000): Promise<unknown> {
  const what = `somebody answers on ${floating}`;
  const { body } = await waitFor(() => httpGet(outside().netns, `http://${floating}/`), { limitMs, what });
  return JSON.parse(body);
}

/** The address under which the outside sees an instance. */
async function seenAs({ netns }: TestInstance): Promise<string> {
  const { body } = await httpGet(netns, `http://${outside().address}/`);
  return JSON.parse(body).client;
}

/** Returns when exactly these hosts have the floating IP: the one that loses it may be a moment late. */
async function expectHolders(expected: readonly string[]): Promise<void> {
  const { hosts } = cloud.status;
  const isSo = async () => {
    const held = await Promise.all(hosts.map(({ netns }) => addressesOn(netns, 'eth0')));
    const holders = hosts.filter((_, index) => held[index]?.includes(floating));
    return isDeepStrictEqual(
      holders.map(({ name: host }) => host),
      expected,
    );
  };
  const what = `${floating} is on ${expected.join(', ') || 'no host'}`;
  await waitFor(isSo, { limitMs: 5_000, everyMs: 100, what });
}

describe('a floating IP', () => {
  it('leads from outside to the instance, through the host it is on', async () => {
    floating = (await cloud.run('associate', 'one')).trim();
    expect(floating).toMatch(/^192\.0\.2\.2\d\d$/);
    // The address of the asker is not rewritten on the way in.
    expect(await answering()).toEqual({ name: 'one', client: '192.0.2.1' });
    expect(await neighbour(outside().netns, floating)).toBe(await macOf(cloud.host('h1').netns, 'eth0'));
    await expectHolders(['h1']);
    expect(await seenAs(one)).toBe(floating);
    expect(await seenAs(two)).toBe(cloud.host('h2').public_address);
  });

  it('leads to another instance at once, and the segment knows its new host', async () => {
    await cloud.run('associate', 'two', floating);
    // Without waiting: the entry of the old host would send this into the void.
    expect(await neighbour(outside().netns, floating)).toBe(await macOf(cloud.host('h2').netns, 'eth0'));
    expect(await answering()).toEqual({ name: 'two', client: '192.0.2.1' });
    await expectHolders(['h2']);
    expect(await seenAs(two)).toBe(floating);
    expect(await seenAs(one)).toBe(cloud.host('h1').public_address);
  });

  it('is reached from inside, too, by others and by who has it', async () => {
    const pings = [one, two].map(({ netns }) => expectPing(netns, floating));
    await expect(Promise.all(pings)).resolves.toHaveLength(2);
  });

  it('that left a host while its worker was dead is given up before it is ready again', async () => {
    await cloud.killProcess('h2', 'worker');
    await cloud.run('associate', 'one', floating);
    // Returns when the worker says that it is ready: by then nothing of its earlier life is left.
    await cloud.run('start', 'h2', 'worker');
    expect(await addressesOn(cloud.host('h2').netns, 'eth0')).not.toContain(floating);
    await expectHolders(['h1']);
    // Until then both hosts had it, and the outside may still know the wrong one.
    expect(await answering(20_000)).toMatchObject({ name: 'one' });
    expect(await neighbour(outside().netns, floating)).toBe(await macOf(cloud.host('h1').netns, 'eth0'));
  });

  it('leads nowhere when it is disassociated, or its instance deleted', async () => {
    const ways = { disassociate: floating, delete: 'two' };
    for (const [command, target] of Object.entries(ways)) {
      await cloud.run('associate', 'two', floating);
      await expectPing(outside().netns, floating);
      await cloud.run(command, target);
      await expectHolders([]);
      await expect(expectNoPing(outside().netns, floating)).resolves.toBeUndefined();
    }
  });
});
