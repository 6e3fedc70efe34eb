import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { parseDeviceName } from '@novanet/net-address';
import { expect, it, onTestFinished, vi } from 'vitest';
import { surplusServers } from './surplus-servers.js';

it('a server of somebody else is shown without what would move the cursor', async () => {
  const words = ['-e', 'setInterval(() => {}, 1000)', '--', '--interface=br9', '\u001b[2J'];
  const server = spawn(process.execPath, words, { argv0: 'dnsmasq', stdio: 'ignore' });
  onTestFinished(() => void server.kill('SIGKILL'));
  await vi.waitUntil(() => readFileSync(`/proc/${server.pid}/cmdline`, 'utf8').startsWith('dnsmasq'));
  const ours = { device: parseDeviceName('br9'), arguments: [], pidFile: '/run/no-such.pid' };
  expect(await surplusServers({}, { dhcpServers: [ours] })).toMatchObject([
    { command: `kill ${server.pid}`, explanation: expect.stringContaining('--interface=br9 ?[2J') },
  ]);
});
