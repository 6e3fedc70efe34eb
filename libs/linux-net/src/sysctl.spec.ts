import type { SysctlPlan } from '@novanet/host-plan';
import { parseDeviceName } from '@novanet/net-address';
import { describe, expect, test } from 'vitest';
import { type Command, CommandFailed, type CommandResult } from './commands/command-runner.js';
import { parseLinks } from './links/link.js';
import { applySysctls, readSysctls } from './sysctl.js';

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
  readonly written: string[] = [];

  constructor(
    private readonly values: Record<string, string>,
    private readonly refused: readonly string[] = [],
    private readonly modules: Readonly<Record<string, Readonly<Record<string, string>>>> = {},
  ) {}

  readKernelFile(path: string) {
    return Promise.resolve(this.values[keyOf(path)]);
  }

  /** Modules that were asked for. */
  readonly asked: string[] = [];

  run({ argv: [program, module = ''] }: Command): Promise<CommandResult> {
    this.asked.push(`${program} ${module}`);
    if (!(module in this.modules)) return Promise.reject(new CommandFailed([program], 1, `no ${module}\n`));
    Object.assign(this.values, this.modules[module]);
    return Promise.resolve({ exitCode: 0, stdout: '', stderr: '' });
  }

  writeKernelFile(path: string, text: string) {
    if (this.refused.includes(keyOf(path))) return Promise.reject(new Error('read-only'));
    this.written.push(`${keyOf(path)}=${text}`);
    return Promise.resolve(true);
  }
}

const keyOf = (path: string) => path.replace('/proc/sys/', '').replaceAll('/', '.');

describe('a setting', () => {
  test.each([
    { name: 'that is right', plan: [FORWARDING], actual: { [FORWARDING.key]: '1' }, written: [] },
    {
      name: 'of a device that has just come',
      plan: [FORWARDING, DEAF],
      actual: { [FORWARDING.key]: '0' },
      written: [`${FORWARDING.key}=1`, `${DEAF.key}=0`],
    },
    {
      name: 'of a device that has always been there and has no such setting',
      plan: [HEEDING],
      actual: {},
      written: [],
    },
    { name: 'that the operator chose', plan: [HEEDING], actual: { [HEEDING.key]: '0' }, written: [] },
    {
      name: 'that nobody chose',
      plan: [HEEDING],
      actual: { [HEEDING.key]: '1' },
      written: [`${HEEDING.key}=2`],
    },
  ])('$name needs no more than is due', async ({ plan, actual, written }) => {
    const kernel = new Kernel({ [DEAF.key]: '1' });
    const outcome = await applySysctls(kernel, new Map(Object.entries(actual)), plan, {
      before: links('eth0'),
      now: links('eth0', 'br100'),
    });
    expect(kernel.written).toEqual(written);
    expect(outcome).toMatchObject({ changed: written.length > 0, problems: [] });
  });

  test('that the operator gives to all new devices stays on ours', async () => {
    const kernel = new Kernel({ [HEEDING.key]: '0' });
    const now = links('eth0');
    expect(await applySysctls(kernel, new Map(), [HEEDING], { before: links(), now })).toMatchObject({
      changed: false,
    });
    expect(kernel.written).toEqual([]);
  });
});

test('of a device with a dot in its name is found', async () => {
  const plan = [{ ...DEAF, key: 'net.ipv6.conf.eth0/1.accept_ra' }];
  const paths: string[] = [];
  const readKernelFile = (path: string) => {
    paths.push(path);
    return Promise.resolve('0\n');
  };
  expect(await readSysctls({ readKernelFile }, plan)).toEqual(new Map([[plan[0]?.key, '0']]));
  expect(paths).toEqual(['/proc/sys/net/ipv6/conf/eth0.1/accept_ra']);
});

describe('a setting that the kernel refuses', () => {
  const devices = { before: links(), now: links('br100') };

  test('blocks the instances of all networks when it is forwarding', async () => {
    const kernel = new Kernel({}, [FORWARDING.key]);
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
    const kernel = new Kernel({ [DEAF.key]: '1' }, [DEAF.key]);
    const actual = new Map([[FORWARDING.key, '0']]);
    expect(await applySysctls(kernel, actual, [FORWARDING, DEAF], devices)).toEqual({
      changed: true,
      subjects: [FORWARDING.key],
      problems: [{ subject: DEAF.key, message: 'the kernel refuses the setting: read-only' }],
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
    expect(kernel.written).toEqual([]);
  });
});

describe('a setting that comes with a module', () => {
  const BRIDGED = {
    key: 'net.bridge.bridge-nf-call-iptables',
    value: '1',
    module: 'br_netfilter',
    isVital: true,
  };
  const devices = { before: links(), now: links() };

  test('is set when the module is loaded, which is asked for once', async () => {
    const kernel = new Kernel({}, [], { br_netfilter: { [BRIDGED.key]: '0' } });
    const plan = [BRIDGED, { ...BRIDGED, key: FORWARDING.key }];
    const outcome = await applySysctls(kernel, new Map([[FORWARDING.key, '1']]), plan, devices);
    expect(outcome).toMatchObject({ changed: true, problems: [] });
    expect(kernel.asked).toEqual(['modprobe br_netfilter']);
    expect(kernel.written).toEqual([`${BRIDGED.key}=1`]);
  });

  test('asks for none when it is there', async () => {
    const kernel = new Kernel({});
    await applySysctls(kernel, new Map([[BRIDGED.key, '1']]), [BRIDGED], devices);
    expect(kernel.asked).toEqual([]);
  });

  test('says what to do when it cannot be loaded', async () => {
    const { problems } = await applySysctls(new Kernel({}), new Map(), [BRIDGED], devices);
    expect(problems).toEqual([
      {
        subject: BRIDGED.key,
        message:
          'the kernel does not have this setting: it comes with the module br_netfilter, which cannot be loaded here ' +
          '(no br_netfilter); load it with modprobe',
        blocks: 'all',
      },
    ]);
  });
});
