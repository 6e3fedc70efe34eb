import type { SysctlPlan } from '@novanet/host-plan';
import { parseDeviceName } from '@novanet/net-address';
import { describe, expect, test } from 'vitest';
import { type Command, CommandFailed } from './commands/command-runner.js';
import { parseLinks } from './links/link.js';
import { applySysctls } from './sysctl.js';

const FORWARDING: SysctlPlan = { key: 'net.ipv4.ip_forward', value: '1', isVital: true };
const [br100, eth0] = [parseDeviceName('br100'), parseDeviceName('eth0')];
const DEAF = { key: 'net.ipv6.conf.br100.accept_ra', value: '0', device: br100, isVital: false };
const HEEDING = {
  key: 'net.ipv6.conf.eth0.accept_ra',
  value: '2',
  device: eth0,
  replaces: '1',
  isVital: false,
};

const links = (...names: string[]) => parseLinks(JSON.stringify(names.map((ifname) => ({ ifname }))));

/** A kernel with these settings that refuses some. */
class Kernel {
  executed = 0;
  readonly commands: string[] = [];

  constructor(
    private readonly values: Readonly<Record<string, string>>,
    private readonly refusal?: string,
  ) {}

  run({ argv }: Command) {
    this.executed += 1;
    this.commands.push(argv.join(' '));
    if (this.refusal !== undefined && argv.includes('-w')) {
      return Promise.reject(new CommandFailed(argv, 255, this.refusal));
    }
    const lines = Object.entries(this.values).map(([key, value]) => `${key} = ${value}\n`);
    return Promise.resolve({ exitCode: 0, stdout: lines.join(''), stderr: '' });
  }
}

describe('a setting', () => {
  test.each([
    { name: 'that is right', plan: [FORWARDING], actual: { [FORWARDING.key]: '1' }, commands: [] },
    {
      name: 'of a device that has just come',
      plan: [FORWARDING, DEAF],
      actual: { [FORWARDING.key]: '0' },
      commands: [`sysctl -q -e -w ${FORWARDING.key}=1 ${DEAF.key}=0`],
    },
    {
      name: 'of a device that has always been there and has no such setting',
      plan: [HEEDING],
      actual: {},
      commands: [],
    },
    { name: 'that the operator chose', plan: [HEEDING], actual: { [HEEDING.key]: '0' }, commands: [] },
    {
      name: 'that nobody chose',
      plan: [HEEDING],
      actual: { [HEEDING.key]: '1' },
      commands: [`sysctl -q -e -w ${HEEDING.key}=2`],
    },
  ])('$name needs no more than is due', async ({ plan, actual, commands }) => {
    const kernel = new Kernel({});
    const outcome = await applySysctls(kernel, new Map(Object.entries(actual)), plan, {
      before: links('eth0'),
      now: links('eth0', 'br100'),
    });
    expect(kernel.commands).toEqual(commands);
    expect(outcome).toMatchObject({ changed: commands.length > 0, problems: [] });
  });

  test('that the operator gives to all new devices stays on ours', async () => {
    const kernel = new Kernel({ [HEEDING.key]: '0' });
    const now = links('eth0');
    expect(await applySysctls(kernel, new Map(), [HEEDING], { before: links(), now })).toMatchObject({
      changed: false,
    });
    expect(kernel.commands).toEqual([`sysctl -e ${HEEDING.key}`]);
  });
});

describe('a setting that the kernel refuses', () => {
  const devices = { before: links(), now: links('br100') };

  test('blocks the instances of all networks when it is forwarding', async () => {
    const kernel = new Kernel({}, 'read-only');
    const actual = new Map([[FORWARDING.key, '0']]);
    expect(await applySysctls(kernel, actual, [FORWARDING], devices)).toEqual({
      changed: false,
      subjects: [],
      problems: [
        {
          subject: FORWARDING.key,
          message: 'the kernel refuses the setting: read-only',
          blocks: 'all',
        },
      ],
    });
  });

  test('is named alone, and blocks nobody when it protects the host', async () => {
    const message = `sysctl: setting key "${DEAF.key}": Invalid argument`;
    const actual = new Map([[FORWARDING.key, '0']]);
    expect(await applySysctls(new Kernel({}, message), actual, [FORWARDING, DEAF], devices)).toEqual({
      changed: true,
      subjects: [FORWARDING.key],
      problems: [{ subject: DEAF.key, message: `the kernel refuses the setting: ${message}` }],
    });
  });

  test('because it does not have it is not set again and again', async () => {
    const kernel = new Kernel({});
    expect(await applySysctls(kernel, new Map(), [FORWARDING], devices)).toEqual({
      changed: false,
      subjects: [],
      problems: [
        { subject: FORWARDING.key, message: 'the kernel does not have this setting', blocks: 'all' },
      ],
    });
    expect(kernel.commands).toEqual([]);
  });
});
