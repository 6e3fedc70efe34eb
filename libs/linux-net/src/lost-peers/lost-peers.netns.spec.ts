import { v4Of } from '@novanet/host-plan/testing';
import { parseDeviceName } from '@novanet/net-address';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { TcpSession, type SessionEnds } from '../../test/tcp-session.js';
import { TestHost, type Role } from '../../test/test-host.js';
import type { ConvergeProblem } from '../converge-report.js';
import { LinuxHost } from '../linux-host.js';
import type { PeerSafety } from './peer-guard.js';

let host: TestHost;
let sessions: TcpSession[];
beforeEach(async () => {
  host = await TestHost.create();
  sessions = [];
});
afterEach(async () => {
  for (const session of sessions) session.close();
  await host.remove();
});

/** An operator who is on the host by SSH. */
async function logIn(
  from: Role,
  ends: Pick<SessionEnds, 'address'> & Partial<SessionEnds>,
): Promise<TcpSession> {
  const session = await TcpSession.open({
    client: host.network.netns(from),
    server: host.network.netns('host'),
    program: 'sshd',
    port: 2222,
    ...ends,
  });
  sessions.push(session);
  return session;
}

function guarded(safety: Partial<PeerSafety>): void {
  host.linux = new LinuxHost(host.runner, { endpoints: [], ...safety });
}

/** What is on the host that a refused bridge must not change. */
async function links(): Promise<string> {
  const addresses = await host.run('ip', '-o', 'addr', 'show', 'scope', 'global');
  return addresses + (await host.run('ip', 'route')) + (await host.run('ip', '-6', 'route'));
}

describe('an SSH session from inside the block that instances would get', () => {
  beforeEach(async () => {
    await host.network.ip('outside', 'addr add 10.0.0.77/32 dev lo');
    await host.ip('route add default via 192.0.2.1');
  });

  test('is kept: the bridge is not made, and the report says who, why, and the way out', async () => {
    const session = await logIn('outside', { address: '192.0.2.10', from: '10.0.0.77' });
    const { problems } = await host.converge([{ enableDhcp: false }]);
    expect(problems).toEqual([
      {
        subject: 'br100',
        message:
          'it is left as it is, because this host would lose the SSH session from 10.0.0.77 (10.0.0.0/24 would be ' +
          'behind br100, and it is reached over eth0 by 192.0.2.1): give the network another block, or start the ' +
          'worker with --force',
        blocks: 'br100',
      },
    ]);
    expect(await host.run('ip', '-o', 'link')).not.toContain('br100');
    expect(await session.answers()).toBe(true);
  });

  test('is lost with force, which is told whom it costs', async () => {
    const told: ConvergeProblem[] = [];
    guarded({ force: (loss) => void told.push(loss) });
    const session = await logIn('outside', { address: '192.0.2.10', from: '10.0.0.77' });
    expect((await host.converge([{ enableDhcp: false }])).problems).toEqual([]);
    expect(told).toMatchObject([{ subject: 'br100', message: expect.stringContaining('10.0.0.77') }]);
    expect(await host.addresses('br100')).toEqual(['10.0.0.1/24']);
    expect(await session.answers(1500)).toBe(false);
  });

  test('holds up that bridge alone; when it is over, the next converge makes it', async () => {
    const session = await logIn('outside', { address: '192.0.2.10', from: '10.0.0.77' });
    const other = {
      id: 2,
      bridge: parseDeviceName('br200'),
      bridgeInterface: undefined,
      v4: v4Of({}, '10.0.1.0/24'),
    };
    const networks = [{ enableDhcp: false }, { enableDhcp: false, ...other }];
    const { problems } = await host.converge(networks);
    expect(problems.map(({ subject }) => subject)).toEqual(['br100']);
    expect(await host.addresses('br200')).toEqual(['10.0.1.1/24']);
    session.close();
    await expect.poll(async () => (await host.converge(networks)).problems).toEqual([]);
    expect(await host.addresses('br100')).toEqual(['10.0.0.1/24']);
  });

  test('is not what somebody reaches through SSH: such a connection is not kept', async () => {
    const ends = { client: host.network.netns('host'), server: host.network.netns('outside') };
    const forwarded = { address: '10.0.0.77', port: 8080, clientProgram: 'sshd' };
    sessions.push(await TcpSession.open({ ...ends, ...forwarded }));
    expect((await host.converge([{ enableDhcp: false }])).problems).toEqual([]);
  });

  test('does not keep a bridge that was there from being mended', async () => {
    await host.converge([{ enableDhcp: false }]);
    await host.converge([{ enableDhcp: false }]);
    await host.ip('link del br100');
    await logIn('outside', { address: '192.0.2.10', from: '10.0.0.77' });
    expect((await host.converge([{ enableDhcp: false }])).problems).toEqual([]);
    expect(await host.addresses('br100')).toEqual(['10.0.0.1/24']);
  });
});

describe('an SSH session over the interface that goes into the bridge', () => {
  beforeEach(() => host.ip('addr add 10.9.9.5/24 dev eth1', 'addr add 2001:db8::5/64 dev eth1 nodad'));

  test.each([
    { family: 'IPv4', address: '10.9.9.5', wire: 'addr add 10.9.9.9/24 dev eth1' },
    { family: 'IPv6', address: '2001:db8::5', wire: 'addr add 2001:db8::9/64 dev eth1 nodad' },
  ])('goes on over $family while the interface moves there and back', async ({ address, wire }) => {
    await host.network.ip('wire', wire);
    const session = await logIn('wire', { address });
    expect(await session.answers()).toBe(true);
    expect((await host.converge()).problems).toEqual([]);
    expect(await host.addresses('br100')).toContain(
      address.includes(':') ? `${address}/64` : `${address}/24`,
    );
    expect(await session.answers()).toBe(true);
    expect((await host.converge([])).problems).toEqual([]);
    expect(await host.addresses('eth1')).toEqual(['10.9.9.5/24', '2001:db8::5/64']);
    expect(await session.answers()).toBe(true);
  });

  test('goes on when it crosses routers, by a route of another table', async () => {
    await host.network.ip('wire', 'addr add 198.51.100.7/32 dev lo');
    await host.ip('route add default via 10.9.9.1 dev eth1 table 77', 'rule add from 10.9.9.5 table 77');
    const session = await logIn('wire', { address: '10.9.9.5', from: '198.51.100.7' });
    expect((await host.converge()).problems).toEqual([]);
    expect(await session.answers()).toBe(true);
  });

  test('is kept when a rule that names the interface leads to it', async () => {
    await host.network.ip('wire', 'addr add 198.51.100.7/32 dev lo');
    await host.ip(
      'route add default via 10.9.9.1 dev eth1 table 77',
      'rule add iif eth1 table 77 priority 50',
      'rule add oif eth1 table 77 priority 51',
      'route add 198.51.100.0/24 via 10.9.9.1',
    );
    const session = await logIn('wire', { address: '10.9.9.5', from: '198.51.100.7' });
    await host.ip('route del 198.51.100.0/24');
    const before = await links();
    const { problems } = await host.converge([{ enableDhcp: false }]);
    expect(problems).toMatchObject([
      {
        subject: 'br100',
        message: expect.stringMatching(/198\.51\.100\.7 \(the policy rule 50 .*eth1 only/),
      },
    ]);
    expect(await links()).toBe(before);
    await host.ip('route add 198.51.100.0/24 via 10.9.9.1');
    expect(await session.answers()).toBe(true);
  });

  test('is kept when it uses a link-local address, which stays behind', async () => {
    for (const role of ['host', 'wire'] as const) {
      const tentative = () => host.network.run(role, ['ip', '-6', '-o', 'addr', 'show', 'tentative']);
      await expect.poll(tentative, { timeout: 5000 }).toBe('');
    }
    const shown = await host.network.run('host', [
      'ip',
      '-6',
      '-o',
      'addr',
      'show',
      'dev',
      'eth1',
      'scope',
      'link',
    ]);
    const [, own = ''] = /inet6 (fe80::\S+)\/64/.exec(shown) ?? [];
    const session = await logIn('wire', { address: `${own}%eth1`, program: 'sshd-session' });
    const { problems } = await host.converge([{ enableDhcp: false }]);
    expect(problems).toMatchObject([
      {
        subject: 'br100',
        message: expect.stringMatching(/uses a link-local address of eth1/),
        blocks: 'br100',
      },
    ]);
    expect(await host.addresses('eth1')).toEqual(['10.9.9.5/24', '2001:db8::5/64']);
    expect(await session.answers()).toBe(true);
  });
});

describe("the worker's own servers", () => {
  const broker = { what: 'broker', host: '10.0.0.50', port: 5672 };

  test('are not cut off, connected or not', async () => {
    await host.ip('route add 10.0.0.0/25 via 192.0.2.1 metric 100');
    guarded({ endpoints: [broker] });
    const { problems } = await host.converge([{ enableDhcp: false }, { id: 2, v4: v4Of({}, '10.0.0.0/27') }]);
    expect(problems).toEqual([]);
    const message =
      /the broker 10\.0\.0\.50:5672 \(10\.0\.0\.0\/26 would be behind br100, .* over eth0 by 192/;
    const refused = await host.converge([{ enableDhcp: false, v4: v4Of({}, '10.0.0.0/26') }]);
    expect(refused.problems).toMatchObject([{ subject: 'br100', message: expect.stringMatching(message) }]);
  });

  test('cost no execution when nothing changes, nor when no interface or block concerns them', async () => {
    await host.ip('route add default via 192.0.2.1');
    guarded({ endpoints: [{ ...broker, host: '198.51.100.5' }] });
    await host.converge();
    const lines = host.runner.lines.splice(0);
    expect(lines.filter((line) => / rule | route /.test(line))).toEqual([]);
    await host.converge();
    expect(host.runner.lines.filter((line) => /rule|route|ss /.test(line))).toEqual([]);
  });
});
