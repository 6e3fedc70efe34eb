import { describe, expect, it } from 'vitest';
import { LinkMemory, type LinkNews } from './link-memory.js';
import { parseLinks } from './link.js';

type Device = {
  name: string;
  index: number;
  master?: string;
  kind?: string;
  alias?: string;
  hairpin?: boolean;
};

/** As `ip -json -details addr` shows them. */
const look = (...devices: readonly Device[]) =>
  parseLinks(
    JSON.stringify(
      devices.map(({ name, index, master, kind = 'veth', alias, hairpin = false }) => ({
        ifname: name,
        ifindex: index,
        master,
        ifalias: alias,
        linkinfo: { info_kind: kind, info_slave_data: { hairpin } },
      })),
    ),
  );

const br100 = { name: 'br100', index: 5, kind: 'bridge', alias: 'novanet:created,eth1' };
const planned = [{ name: 'br100' }];
const news = (name: string, index: number, more: Partial<LinkNews> = {}): LinkNews => ({
  name,
  index,
  isGone: false,
  master: undefined,
  portFlags: [],
  ...more,
});
const linesOf = (memory: LinkMemory, links: ReturnType<typeof look>) =>
  memory.returning(links, planned).flatMap(({ steps }) => steps);

const eth1 = { name: 'eth1', index: 2 };
const tap = { name: 'tap1', index: 7 };

describe('the instances of a bridge that was deleted', () => {
  it('come back to the next of its name, with their flags; its interface is the business of the plan', () => {
    const memory = new LinkMemory();
    memory.learn(look(br100, { ...eth1, master: 'br100' }, { ...tap, master: 'br100', hairpin: true }));
    const after = look(eth1, tap);
    memory.learn(after);
    expect(linesOf(memory, after)).toEqual([
      'link set dev tap1 master br100',
      'link set dev tap1 type bridge_slave hairpin on',
    ]);
    const again = look({ ...br100, index: 9 }, eth1, { ...tap, master: 'br100' });
    memory.learn(again);
    expect(linesOf(memory, again)).toEqual([]);
  });

  it('come back also when somebody has made the bridge again, without them', () => {
    const memory = new LinkMemory();
    memory.learn(look(br100, { ...tap, master: 'br100' }));
    const after = look({ ...br100, index: 9, alias: '' }, tap);
    memory.learn(after);
    expect(linesOf(memory, after)).toEqual(['link set dev tap1 master br100']);
  });

  it.each([
    { name: 'were unplugged before', leftAt: 1000, goneAt: 5000, lines: [] },
    { name: 'left with it', leftAt: 4900, goneAt: 5000, lines: ['link set dev tap1 master br100'] },
  ])('that $name', ({ leftAt, goneAt, lines }) => {
    const memory = new LinkMemory();
    memory.learn(look(br100), 0);
    memory.hear(news('tap1', 7, { master: 'br100' }), 500);
    memory.hear(news('tap1', 7), leftAt);
    memory.hear(news('br100', 5, { isGone: true }), goneAt);
    memory.learn(look(tap), goneAt + 100);
    expect(linesOf(memory, look(tap))).toEqual(lines);
  });

  it('are not mistaken for other devices of their names, nor moved from where they are now', () => {
    const memory = new LinkMemory();
    memory.learn(look(br100, { ...tap, master: 'br100' }, { name: 'tap2', index: 8, master: 'br100' }));
    const after = look({ ...tap, index: 70 }, { name: 'tap2', index: 8, master: 'br200' });
    memory.learn(after);
    expect(linesOf(memory, after)).toEqual([]);
  });

  it('that were plugged in while somebody looked are known all the same', () => {
    const memory = new LinkMemory();
    memory.hear(news('tap1', 7, { master: 'br100' }), 1000);
    // begun before that
    memory.learn(look(br100), 1010);
    memory.hear(news('br100', 5, { isGone: true }), 2000);
    expect(linesOf(memory, look(tap))).toEqual(['link set dev tap1 master br100']);
  });
});

it('says which devices were not there at the last look', () => {
  const memory = new LinkMemory();
  memory.learn(look(eth1));
  const heard = [news('eth1', 2), news('eth1', 3), news('eth9', 4), news('eth1', 2, { isGone: true })];
  expect(heard.map((one) => memory.hear(one).isNew)).toEqual([false, true, true, false]);
});

describe('the bridge that the last instance leaves', () => {
  const tap2 = { name: 'tap2', index: 8 };
  const member = { ...eth1, master: 'br100' };
  const memoryOf = (bridge: Device) => {
    const memory = new LinkMemory();
    memory.learn(look(bridge, member, { ...tap, master: 'br100' }, { ...tap2, master: 'br100' }));
    return memory;
  };

  it.each([
    { how: 'is deleted', last: news('tap1', 7, { isGone: true }) },
    { how: 'is taken out', last: news('tap1', 7) },
    { how: 'goes to another', last: news('tap1', 7, { master: 'br9' }) },
  ])('is told, when its device $how', ({ last }) => {
    const memory = memoryOf(br100);
    expect(memory.hear(news('tap2', 8, { isGone: true })).left).toBeUndefined();
    // What is heard of its interface does not make that an instance.
    expect(memory.hear(news('eth1', 2, { master: 'br100' })).left).toBeUndefined();
    expect(memory.hear(last).left).toBe('br100');
    expect(memory.hear(news('eth1', 2)).left).toBeUndefined();
    expect(memory.hear(news('tap1', 7, { isGone: true })).left).toBeUndefined();
  });

  it.each([
    { whose: 'that somebody else made', alias: 'novanet:joined,eth1' },
    { whose: 'that is none of ours', alias: '' },
  ])('is not told when it is one $whose', ({ alias }) => {
    const memory = memoryOf({ ...br100, alias });
    for (const name of ['tap1', 'tap2']) {
      expect(memory.hear(news(name, name === 'tap1' ? 7 : 8, { isGone: true })).left).toBeUndefined();
    }
  });
});
