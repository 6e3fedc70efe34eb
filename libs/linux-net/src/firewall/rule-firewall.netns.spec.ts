import { mkdtemp, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { renderPlan } from '@novanet/host-plan';
import { floatingIp, v4Of } from '@novanet/host-plan/testing';
import { Ipv4, Ipv6, Ipv6Cidr, parseDeviceName } from '@novanet/net-address';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { TestHost } from '../../test/test-host.js';
import { type Command, LinuxHost, SpawnCommandRunner } from '../index.js';

const ISOLATED = {
  id: 2,
  bridge: parseDeviceName('br200'),
  bridgeInterface: undefined,
  v4: v4Of({ gateway: undefined }),
  enableDhcp: false,
};

const FOREIGN = [
  '*filter',
  ':DOCKER-USER - [0:0]',
  '[5:420] -A INPUT -i eth0 -p tcp -m tcp --dport 22 -j ACCEPT',
  '[1:84] -A INPUT -m comment --comment "nova-network is welcome" -j REJECT --reject-with icmp-host-prohibited',
  '[3:252] -A FORWARD -j DOCKER-USER',
  'COMMIT',
  '*nat',
  '[4:240] -A POSTROUTING -s 172.17.0.0/16 -j MASQUERADE',
  'COMMIT',
  '',
].join('\n');

describe.each([{ variant: 'nft' }, { variant: 'legacy' }])('with iptables-$variant', ({ variant }) => {
  let host: TestHost;
  const save = `iptables-${variant}-save`;
  beforeEach(async () => {
    const bin = await mkdtemp(join(tmpdir(), 'novanet-bin-'));
    host = await TestHost.create({ PATH: `${bin}:${process.env['PATH']}` });
    host.cleanUp.push(bin);
    for (const program of ['iptables-save', 'iptables-restore', 'ip6tables-save', 'ip6tables-restore']) {
      await symlink(`/usr/sbin/xtables-${variant}-multi`, join(bin, program));
    }
  });
  afterEach(() => host.remove());

  const restore = (rules: string) =>
    host.network.run('host', [`iptables-${variant}-restore`, '--counters'], { input: rules });

  test.each(['192.0.2.10', '127.0.0.1'])(
    'the kernel lists the rules in the words of the plan (metadata on %s)',
    async (metadataHost) => {
      const settings = { metadataHost: Ipv4.parse(metadataHost), dropAction: 'REJECT' };
      const floatingIps = [
        floatingIp('203.0.113.5', '10.0.0.3'),
        floatingIp('203.0.113.6', '10.0.0.3'),
        floatingIp('203.0.113.7', '10.0.0.4', parseDeviceName('eth1')),
      ];
      await host.converge([{}, ISOLATED], settings, { floatingIps });
      const wanted = renderPlan(host.plan([{}, ISOLATED], settings, { floatingIps })).split('\n');
      for (const table of ['mangle', 'nat', 'filter']) {
        const rules = (await host.rules(table, save)).filter((line) => !/^:[A-Z]/.test(line));
        const start = wanted.indexOf(`*${table}`);
        const lines = wanted.slice(start, wanted.indexOf('COMMIT', start) + 1);
        expect(variant === 'nft' ? rules : rules.toSorted()).toEqual(
          variant === 'nft' ? lines : lines.toSorted(),
        );
      }
      expect(await host.converge([{}, ISOLATED], settings, { floatingIps })).toMatchObject({
        changed: false,
      });
    },
  );

  test('the kernel lists the rules of IPv6 and of the bridge in the words of the plan, and drops them all', async () => {
    const networks = [
      {
        isMultiHost: true,
        sharesAddress: true,
        v6: { cidr: Ipv6Cidr.parse('fd00:0:0:1::/64'), gateway: Ipv6.parse('fd00:0:0:1::ab:cdef') },
      },
      { ...ISOLATED, v6: { cidr: Ipv6Cidr.parse('fd00:0:0:2::/64'), gateway: undefined } },
    ];
    const settings = { usesIpv6: true, dropAction: 'REJECT' };
    expect((await host.converge(networks, settings)).problems).toEqual([]);
    const text = renderPlan(host.plan(networks, settings));
    const families = [
      { title: '# ip6tables-save', program: `ip6tables-${variant}-save`, tables: ['filter', 'nat'] },
      { title: '# ebtables-save', program: 'ebtables-save', tables: ['filter'] },
    ];
    for (const { title, program, tables } of families) {
      const wanted = linesAfter(text, title);
      const listed = await Promise.all(tables.map((table) => host.rules(table, program)));
      const ours = listed.flat().filter((line) => !/^:[A-Z]/.test(line));
      expect(ours.toSorted()).toEqual(wanted.toSorted());
    }
    expect(await host.converge(networks, settings)).toMatchObject({ changed: false });
    expect((await host.converge([])).problems).toEqual([]);
    for (const { program } of families) expect((await host.run(program)).match(/nova-/)).toBeNull();
    host.takeWrites();
    expect(await host.converge([])).toMatchObject({ changed: false });
    expect(host.takeWrites()).toEqual([]);
  });

  test('rules of others keep their text, order and counters', async () => {
    await restore(FOREIGN);
    const foreign = async () =>
      (await host.run(save, '-c'))
        .split('\n')
        .filter((line) => line.includes('-A') && !/ nova-[a-z-]+/i.test(line.replace(/".*"/, '')));
    const before = await foreign();
    await host.converge();
    expect(await foreign()).toEqual(before);
    const filter = await host.rules('filter', save);
    expect(filter.findIndex((line) => line === '-A INPUT -j nova-network-INPUT')).toBeLessThan(
      filter.findIndex((line) => line.includes('--dport 22')),
    );
    expect((await host.rules('nat', save)).filter((line) => line.startsWith('-A POSTROUTING'))).toEqual([
      '-A POSTROUTING -j nova-network-POSTROUTING',
      '-A POSTROUTING -s 172.17.0.0/16 -j MASQUERADE',
      '-A POSTROUTING -j nova-postrouting-bottom',
    ]);
  });

  test('a flushed table is repaired', async () => {
    await host.converge();
    const before = await host.rules('nat', save);
    await host.run(`iptables-${variant}`, '-t', 'nat', '-F');
    expect(await host.rules('nat', save)).not.toEqual(before);
    host.takeWrites();
    expect((await host.converge()).problems).toEqual([]);
    expect(await host.rules('nat', save)).toEqual(before);
    expect(host.takeWrites()).toEqual(['iptables-restore --noflush -w 5']);
  });

  test('counters of chains that did not change survive', async () => {
    await host.converge();
    await restore(
      (await host.run(save, '-c', '-t', 'nat')).replace(
        '[0:0] -A nova-network-snat -s',
        '[9:900] -A nova-network-snat -s',
      ),
    );
    await host.converge([{}], { metadataPort: 8776 });
    expect(await host.run(save, '-c', '-t', 'nat')).toContain('[9:900] -A nova-network-snat');
  });

  test.each([
    { name: 'does not understand', bad: '-s 10.0.0.0/24 -j NOSUCHTARGET' },
    { name: 'refuses only in the kernel', bad: '-s 10.0.0.0/24 -j CHECKSUM --checksum-fill' },
  ])('a rule that iptables $name is left out and reported, all others are applied', async ({ bad }) => {
    const plan = host.plan();
    const tables = plan.firewall.ipv4.tables.map((table) => ({
      ...table,
      chains: table.chains.map((chain) =>
        chain.name === 'nova-network-OUTPUT' && table.name === 'filter' ? { ...chain, rules: [bad] } : chain,
      ),
    }));
    const report = await host.linux.converge({ ...plan, firewall: { ...plan.firewall, ipv4: { tables } } });
    expect(report.problems).toEqual([
      {
        subject: expect.stringContaining('nova-network-OUTPUT'),
        message: expect.stringContaining('iptables'),
        blocks: 'all',
      },
    ]);
    const rules = [...(await host.rules('filter', save)), ...(await host.rules('nat', save))];
    expect(rules).toContain('-A nova-network-FORWARD -i br100 -j ACCEPT');
    expect(rules).toContain('-A OUTPUT -j nova-network-OUTPUT');
    expect(rules).toContain('-A POSTROUTING -j nova-postrouting-bottom');
  });

  test('our chains in the other variant are looked for once, and in every report', async () => {
    const other = variant === 'nft' ? 'legacy' : 'nft';
    await host.run(`iptables-${other}`, '-N', 'nova-network-FORWARD');
    const leftovers = [{ subject: 'iptables', message: expect.stringContaining(`iptables-${other}`) }];
    let isIpBroken = true;
    const isBroken = ({ argv }: Command) => isIpBroken && argv.includes('-batch');
    class BrokenRunner extends SpawnCommandRunner {
      override run(command: Command) {
        return isBroken(command) ? Promise.reject(new Error('no ip')) : host.runner.run(command);
      }
    }
    const linux = new LinuxHost(new BrokenRunner({ netns: host.network.netns('host') }));
    await expect(linux.converge(host.plan())).rejects.toThrow('no ip');
    isIpBroken = false;
    expect((await linux.converge(host.plan())).problems).toEqual(leftovers);
    const before = host.runner.executed;
    expect(await linux.converge(host.plan())).toMatchObject({ changed: false, problems: leftovers });
    expect(host.runner.executed - before).toBe(2);
  });
});

/** What of a rendered plan stands under this title; ebtables-save ends without COMMIT. */
function linesAfter(text: string, title: string): string[] {
  const [block = ''] = text.slice(text.indexOf(`${title}\n`) + title.length + 1).split('\n\n');
  const lines = block.split('\n').filter(Boolean);
  return title.includes('ebtables') ? lines.filter((line) => line !== 'COMMIT') : lines;
}
