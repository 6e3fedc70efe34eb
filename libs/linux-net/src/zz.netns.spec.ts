import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { dhcpHost } from '@novanet/host-plan/testing';
import { tryCommand } from '@novanet/testbed';
import { test } from 'vitest';
import { TestHost } from '../test/test-host.js';
const A = dhcpHost('fa:16:3e:00:00:01', '10.0.0.3', 'vm-one');
test('loop', { timeout: 300000 }, async () => {
  for (let i = 0; i < 25; i++) {
    const host = await TestHost.create();
    const conf = join(host.directory, 'd.conf');
    const log = join(host.directory, 'log');
    await writeFile(conf, `log-facility=${log}\nlog-dhcp\n`);
    try {
      const held = { dhcpHosts: [A], heldLeases: [{ ...A, expiresAt: new Date(Date.now() + 3600000) }] };
      await host.converge([held], { dnsmasqConfigFile: conf });
      const p1 = await host.dnsmasqPid();
      process.kill(p1, 'SIGKILL');
      while ((await readFile(`/proc/${p1}/cmdline`, 'utf8').catch(() => '')) !== '');
      const report = await host.converge([held], { dnsmasqConfigFile: conf });
      const p2 = await host.dnsmasqPid();
      await host.plug('vm1', 'fa:16:3e:00:00:01');
      const r = await tryCommand(
        ['udhcpc', '-f', '-n', '-q', '-t', '1', '-T', '1', '-i', 'eth0', '-s', '/bin/true'],
        { netns: host.network.netns('vm1') },
      );
      if (r.exitCode !== 0) {
        console.log(
          i,
          'FAILED',
          p1,
          p2,
          JSON.stringify(report),
          r.stderr,
          r.stdout,
          await readFile(log, 'utf8'),
          (await tryCommand(['ps', '-ef'])).stdout
            .split('\n')
            .filter((l) => l.includes(host.directory))
            .join('\n'),
        );
        return;
      }
    } finally {
      await host.remove();
    }
  }
});
