import { expectNoPing, expectPing, ipBatch, runCommand, tryCommand, waitFor } from '@novanet/testbed';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { MessageBus } from './cloud/message-bus.js';
import { tapName } from './cloud/network-info.js';
import { lab } from './testing/run-lab.js';
import { TestCloud, type TestInstance } from './testing/test-cloud.js';

const name = 'sysgroups';
let cloud: TestCloud;
/** One on each host. */
let one: TestInstance;
let two: TestInstance;
let floatingIps: readonly string[];

beforeAll(async () => {
  cloud = await TestCloud.up(name, '--hosts', '2', '--multi-host');
  [one, two] = await Promise.all([cloud.boot('one', 'h1'), cloud.boot('two', 'h2')]);
  const answers = [await cloud.run('associate', 'one'), await cloud.run('associate', 'two')];
  floatingIps = answers.map((answer) => answer.trim());
});
afterAll(() => lab('down', '--lab', name));

const outside = () => cloud.status.outside.netns;

const ours = (method: string, args: Readonly<Record<string, unknown>>) =>
  MessageBus.with(cloud.status.amqp_url, (bus) =>
    bus.call({ version: '1.0', namespace: 'novanet' }, method, args),
  );

const chainsOn = async (host: string) =>
  [
    ...(await runCommand(['iptables-save', '-t', 'filter'], { netns: cloud.host(host).netns })).matchAll(
      /^:nova-network-(inst-\d+)/gm,
    ),
  ].map(([, chain]) => chain);

/** Frames that this instance may send, in the words of its host. */
const framesOf = async ({ record }: TestInstance) => {
  const rules = await runCommand(['ebtables-save'], { netns: cloud.host(record.host).netns });
  const [vif] = record.network_info;
  return rules.split('\n').filter((rule) => vif && rule.includes(`-A nova-network-${tapName(vif)} `));
};

describe('what reaches an instance from outside', () => {
  it('is nothing, until a rule of its group lets it in, on whichever host it is', async () => {
    for (const address of floatingIps) {
      await expect(expectNoPing(outside(), address)).resolves.toBeUndefined();
    }
    await cloud.run('allow', 'one', 'icmp');
    await Promise.all(floatingIps.map((address) => expectPing(outside(), address)));
    await expectPing(outside(), floatingIps[0]!);
  });

  it('is not what the provider forbids, as long as he does', async () => {
    const rule = { ip_protocol: 'icmp', from_port: -1, to_port: -1, cidr: '192.0.2.0/24' };
    const made = await ours('add_provider_firewall_rule', rule);
    const { id } = made as { id: number };
    await waitFor(async () => (await expectNoPing(outside(), floatingIps[0]!), true), {
      limitMs: 10_000,
      what: 'pings are dropped',
    });
    await ours('remove_provider_firewall_rule', { rule_id: id });
    await Promise.all(floatingIps.map((address) => expectPing(outside(), address, 10_000)));
    expect(await chainsOn('h1')).toHaveLength(1);
  });
});

describe('an instance that pretends to be another', () => {
  it('is not heard, and is again when it stops', async () => {
    const mac = one.record.network_info[0]!.address;
    await ipBatch(one.netns, ['link set eth0 address 02:00:00:00:00:01']);
    await expectNoPing(one.netns, two.address);
    await ipBatch(one.netns, [`link set eth0 address ${mac}`, 'addr add 10.0.0.99/24 dev eth0']);
    const argv = ['ping', '-c', '1', '-W', '1', '-I', '10.0.0.99', two.address];
    expect(await tryCommand(argv, { netns: one.netns })).toMatchObject({ exitCode: 1 });
    await ipBatch(one.netns, ['addr del 10.0.0.99/24 dev eth0']);
    await expectPing(one.netns, two.address);
  });
});

describe('the filters of an instance', () => {
  it('go with its port, and come back with it', async () => {
    const { netns } = cloud.host('h1');
    const tap = tapName(one.record.network_info[0]!);
    const isFiltered = async (expected: boolean) => {
      const limit = { limitMs: 5000, what: `${tap} ${expected ? 'is' : 'is not'} filtered` };
      await waitFor(async () => (await framesOf(one)).length > 0 === expected, limit);
    };
    await isFiltered(true);
    const before = await framesOf(one);
    await ipBatch(netns, [`link set ${tap} nomaster`]);
    await isFiltered(false);
    expect(await chainsOn('h1')).toEqual([]);
    await ipBatch(netns, [`link set ${tap} master br100`]);
    await isFiltered(true);
    expect(await framesOf(one)).toEqual(before);
    await expectPing(outside(), floatingIps[0]!, 10_000);
  });

  it('come back when somebody flushes them', async () => {
    const { netns } = cloud.host('h1');
    const before = await framesOf(one);
    await runCommand(['ebtables', '-t', 'nat', '-F'], { netns });
    await waitFor(async () => (await framesOf(one)).length === before.length, {
      limitMs: 5000,
      what: 'what the instance may send is limited again',
    });
    expect(await framesOf(one)).toEqual(before);
    await runCommand(['iptables', '-F'], { netns });
    await waitFor(async () => (await chainsOn('h1')).length === 1, {
      limitMs: 5000,
      what: 'its chain is back',
    });
    await expectPing(outside(), floatingIps[0]!, 10_000);
  });

  it('go with the instance', async () => {
    await cloud.run('delete', 'two');
    await waitFor(async () => (await chainsOn('h2')).length === 0, { limitMs: 5000, what: 'its chain goes' });
    expect(await framesOf(two)).toEqual([]);
    const sets = await runCommand(['ipset', 'save'], { netns: cloud.host('h2').netns });
    expect(sets).not.toContain('nova-network-sg');
  });
});
