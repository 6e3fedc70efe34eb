import { planHost } from '@novanet/host-plan';
import { intentOf, networkOf } from '@novanet/host-plan/testing';
import { parseDeviceName } from '@novanet/net-address';
import { describe, expect, test } from 'vitest';
import { type Command, CommandFailed, type CommandResult } from '../commands/command-runner.js';
import { LinkKernel } from './link-kernel.js';
import { parseLinks } from './link.js';

/** As `ip -json addr show` prints it. */
const SHOWN = JSON.stringify([
  { ifname: 'lo', addr_info: [] },
  { ifname: 'eth1', flags: ['UP'], address: '52:54:00:00:00:11', addr_info: [] },
]);

/** An `ip` that accepts every line but those that contain the bad word. */
class FakeIp {
  executed = 0;
  readonly scripts: string[] = [];

  constructor(
    private readonly badWord: string,
    private readonly saysWhichLine: boolean,
    private readonly complaint = 'Cannot do it',
  ) {}

  readKernelFile = () => Promise.resolve(undefined);
  writeKernelFile = () => Promise.resolve(false);

  run({ argv, stdin = '' }: Command): Promise<CommandResult> {
    this.executed += 1;
    const stdout = argv.includes('addr') ? SHOWN : '[]';
    if (!argv.includes('-batch')) return Promise.resolve({ exitCode: 0, stdout, stderr: '' });
    this.scripts.push(stdin);
    const index = stdin.split('\n').findIndex((line) => line.includes(this.badWord));
    if (index === -1 || argv.includes('-force'))
      return Promise.resolve({ exitCode: 0, stdout: SHOWN, stderr: '' });
    const place = this.saysWhichLine ? `Command failed -:${index + 1}\n` : '';
    return Promise.reject(new CommandFailed(argv, 1, `${this.complaint}\n${place}`));
  }
}

const LINKS = parseLinks(SHOWN);
const PLAN = planHost(intentOf([networkOf()]));

test.each([{ saysWhichLine: true }, { saysWhichLine: false }])(
  'a group that fails is undone and reported, the others are made (ip names the line: $saysWhichLine)',
  async ({ saysWhichLine }) => {
    const ip = new FakeIp('master br100', saysWhichLine);
    const outcome = await new LinkKernel(ip).apply(LINKS, PLAN);
    const message = 'ip refuses the change: Cannot do it';
    expect(outcome.problems).toEqual([{ subject: 'br100', message, blocks: 'br100' }]);
    expect(ip.scripts.join('')).toContain('link del br100\nlink set dev eth1 nomaster\n');
    const last = ip.scripts.slice(-2).join('');
    expect(last).toContain('addr replace 10.0.0.1/24');
    expect(last).toContain('addr replace 169.254.169.254/32');
  },
);

test('a batch without a bad line is one execution, after one look at the routes', async () => {
  const ip = new FakeIp('no such word', true);
  expect(await new LinkKernel(ip).apply(LINKS, PLAN)).toMatchObject({ changed: true, problems: [] });
  expect(ip.executed).toBe(2);
});

describe('a change that ip refuses', () => {
  const bridge = {
    ifname: 'br100',
    flags: ['UP'],
    address: '52:54:00:00:00:11',
    ifalias: 'novanet:created,eth1,10.0.0.9/24',
    linkinfo: { info_kind: 'bridge' },
    addr_info: [{ family: 'inet', local: '10.0.0.9', prefixlen: 24, scope: 'global' }],
  };

  test.each([
    { name: 'the gateway address blocks its bridge', badWord: 'addr replace 10.0.0.1/24', blocks: 'br100' },
    { name: 'the member of a bridge that is up blocks nobody', badWord: 'master br100', blocks: undefined },
    { name: 'an address that is to go blocks nobody', badWord: 'addr del 10.0.0.9/24', blocks: undefined },
    { name: 'the metadata address on lo blocks nobody', badWord: 'dev lo', blocks: undefined },
  ])('for $name', async ({ badWord, blocks }) => {
    const links = new Map([...LINKS, ...parseLinks(JSON.stringify([bridge]))]);
    const { problems } = await new LinkKernel(new FakeIp(badWord, true)).apply(links, PLAN);
    expect(problems.map((problem) => problem.blocks)).toEqual([blocks]);
  });
});

const vlans = [100, 101, 102].map((vlan) =>
  networkOf({ id: vlan, vlan, bridge: parseDeviceName(`br${vlan}`) }),
);

test.each([
  { name: 'a flat network', plan: PLAN },
  { name: 'VLAN networks', plan: planHost(intentOf(vlans)) },
])('a host that is new with $name is looked at once and changed once', async ({ plan }) => {
  const ip = new FakeIp('no such word', true);
  const kernel = new LinkKernel(ip);
  expect((await kernel.apply(await kernel.look(plan), plan)).problems).toEqual([]);
  expect(ip.scripts).toHaveLength(2);
  expect(ip.scripts[0]).toBe('addr show\nroute show table all\n');
  for (const { name } of [...plan.vlans, ...plan.bridges]) expect(ip.scripts[1]).toContain(`name ${name} `);
  expect(ip.scripts[1]).toMatch(/addr show\n$/);
  expect(ip.executed).toBe(2);
});

describe('a kernel without VLANs', () => {
  test('is asked once, and the bridges are made without them', async () => {
    const ip = new FakeIp('type vlan', true, 'Error: Unknown device type.');
    const { problems } = await new LinkKernel(ip).apply(LINKS, planHost(intentOf(vlans)));
    expect(ip.scripts).toHaveLength(2);
    expect(ip.scripts[1]).toContain('link add name br102 type bridge');
    expect(ip.scripts[1]).not.toContain('master');
    expect(problems).toEqual(
      [100, 101, 102].map((vlan) => ({
        subject: `vlan${vlan}`,
        message: expect.stringMatching(/no VLAN devices \(Error: Unknown device type.\).*modprobe 8021q/),
      })),
    );
  });

  test('is not what a VLAN is refused for otherwise: the others are made', async () => {
    const ip = new FakeIp('name vlan101', true);
    const { problems } = await new LinkKernel(ip).apply(LINKS, planHost(intentOf(vlans)));
    expect(problems).toEqual([{ subject: 'vlan101', message: 'ip refuses the change: Cannot do it' }]);
    expect(ip.scripts.join('')).toContain('name vlan102');
  });
});
