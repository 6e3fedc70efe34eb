import { expect, test } from 'vitest';
import { CommandFailed } from './commands/command-runner.js';
import { applySysctls } from './sysctl.js';

test('forwarding that the kernel refuses blocks the instances of all networks', async () => {
  const argv = ['sysctl'] as const;
  const runner = { executed: 0, run: () => Promise.reject(new CommandFailed(argv, 255, 'read-only')) };
  const plan = [{ key: 'net.ipv4.ip_forward', value: '1' }];
  expect(await applySysctls(runner, new Map(), plan)).toEqual({
    changed: false,
    problems: [
      {
        subject: 'net.ipv4.ip_forward',
        message: 'the kernel refuses the setting: read-only',
        blocks: 'all',
      },
    ],
  });
});
