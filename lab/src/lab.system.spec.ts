import { join } from 'node:path';

import { expectPing, httpGet, listNamespaces, runCommand, waitFor } from '@novanet/testbed';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { lab, statusOf, tryLab } from './testing/run-lab.js';

const outside = '198.51.100.1';

describe('two labs side by side', () => {
  const names = ['sysa', 'sysb'] as const;

  beforeAll(async () => {
    await lab('up', '--lab', 'sysa', '--detach');
    await lab('up', '--lab', 'sysb', '--detach', '--hosts', '2');
  });

  afterAll(async () => {
    for (const name of names) await lab('down', '--lab', name);
    const left = (await listNamespaces()).filter((netns) => /^nvn-sys[ab]-/.test(netns));
    if (left.length > 0) throw new Error(`still there: ${left.join(', ')}`);
  });

  it('know their state', async () => {
    const [one, other] = [await statusOf('sysa'), await statusOf('sysb')];
    expect(one.hosts.map(({ name, netns, up }) => ({ name, netns, up }))).toEqual([
      { name: 'h1', netns: 'nvn-sysa-h1', up: true },
    ]);
    expect(other.hosts.map(({ name, up }) => ({ name, up }))).toEqual([
      { name: 'h1', up: true },
      { name: 'h2', up: true },
    ]);
    expect(one.amqp_url).not.toBe(other.amqp_url);
    expect(one.outside).toEqual({ netns: 'nvn-sysa-out', address: outside });
    expect((await tryLab('up', '--lab', 'sysa', '--detach')).stderr).toContain('Lab "sysa" is up already.');
  });

  it('answer a foreign client that speaks the real oslo.messaging', async () => {
    const { amqp_url: url } = await statusOf('sysa');
    const probe = join(import.meta.dirname, '../../libs/testbed/python/oslo_probe.py');
    const ping = ['--method', 'ping', '--namespace', 'baseapi', '--args', '{"arg":"x"}', '--json'];
    const answer = await runCommand(['/usr/bin/python3', probe, '--url', url, ...ping]);
    expect(JSON.parse(answer)).toMatchObject({ ok: true, result: { service: 'network', arg: 'x' } });
  });

  it('boot instances that reach metadata, each other and the outside, and delete them', async () => {
    const booted = JSON.parse(await lab('boot', 'web1', '--lab', 'sysa', '--network', 'private', '--json'));
    expect(Object.keys(booted)).toEqual(['name', 'uuid', 'host', 'netns', 'network_info']);
    await lab('boot', 'web2', '--lab', 'sysa', '--project', 'other', '--meta', 'role=web');
    const { instances } = await statusOf('sysa');
    expect(instances.map(({ name, host, project_id }) => ({ name, host, project_id }))).toEqual([
      { name: 'web1', host: 'h1', project_id: 'demo' },
      { name: 'web2', host: 'h1', project_id: 'other' },
    ]);
    const inside = (command: string) => lab('exec', 'web2', '--lab', 'sysa', '--', 'sh', '-c', command);
    expect(JSON.parse(await inside(`curl -s http://${outside}/`))).toMatchObject({ client: '192.0.2.11' });
    const metadata = JSON.parse(
      await inside('curl -s http://169.254.169.254/openstack/latest/meta_data.json'),
    );
    expect(metadata).toMatchObject({ name: 'web2', meta: { role: 'web' } });
    const firstAddress = String(booted.network_info[0].network.subnets[0].ips[0].address);
    await expectPing('nvn-sysa-vm-web2', firstAddress);
    expect((await tryLab('exec', 'web2', '--lab', 'sysa', '--', 'false')).exitCode).toBe(1);
    expect((await tryLab('boot', 'web2', '--lab', 'sysa')).stderr).toContain(
      'has an instance "web2" already.',
    );
    const allow = (...words: readonly string[]) => tryLab('allow', 'web2', ...words, '--lab', 'sysa');
    for (const _time of ['once', 'again']) {
      expect((await allow('tcp', '80', '--from', '198.51.100.1')).stdout).toBe(
        'The group "default" of project other lets in tcp 80 from 198.51.100.1/32\n',
      );
    }
    expect((await allow('icmp', '8')).stderr).toContain('ICMP has no ports: leave out 8.');
    await lab('delete', 'web1', '--lab', 'sysa');
    await lab('delete', 'web2', '--lab', 'sysa');
    expect((await statusOf('sysa')).instances).toEqual([]);
  });

  it('give instances on every host the way out through the host that owns the network', async () => {
    for (const host of ['h1', 'h2']) await lab('boot', `on-${host}`, '--lab', 'sysb', '--host', host);
    const seen = await Promise.all(
      ['h1', 'h2'].map((host) => httpGet(`nvn-sysb-vm-on-${host}`, `http://${outside}/`)),
    );
    const [one, other] = seen.map(({ body }) => String(JSON.parse(body).client));
    expect(['192.0.2.11', '192.0.2.12']).toContain(one);
    expect(other).toBe(one);
    expect((await statusOf('sysb')).instances.map(({ name, host }) => `${name} ${host}`)).toEqual([
      'on-h1 h1',
      'on-h2 h2',
    ]);
  });

  it('go on after a worker is killed and started again', async () => {
    await lab('boot', 'before', '--lab', 'sysa');
    await lab('kill', 'h1', 'worker', '--lab', 'sysa');
    expect((await statusOf('sysa')).hosts[0]?.up).toBe(false);
    await lab('start', 'h1', 'worker', '--lab', 'sysa');
    expect((await statusOf('sysa')).hosts[0]?.up).toBe(true);
    await lab('boot', 'after', '--lab', 'sysa');
    await expectPing('nvn-sysa-vm-before', outside);
    await expectPing('nvn-sysa-vm-after', outside);
  });

  it.each(['broker', 'database'])('go on after the %s was away', async (name) => {
    await lab('stop', name, '--lab', 'sysa');
    await lab('start', name, '--lab', 'sysa');
    await waitFor(async () => (await tryLab('boot', `past-${name}`, '--lab', 'sysa')).exitCode === 0, {
      limitMs: 60_000,
      everyMs: 500,
      what: `an instance boots again after the ${name} came back`,
    });
    await expect(expectPing(`nvn-sysa-vm-past-${name}`, outside)).resolves.toBeUndefined();
  });
});

describe('the command line', () => {
  it.each([
    {
      words: ['status', '--lab', 'nowhere'],
      says: 'there is no lab "nowhere": start one with npm run lab -- up --lab nowhere.',
    },
    { words: ['up', '--lab', 'No!'], says: '"No!" is no name for a lab' },
    { words: ['up', '--kernel', 'uml'], says: 'Hosts with a kernel of their own are not available yet' },
    { words: ['boot', 'x', '--lab', 'nowhere'], says: 'there is no lab "nowhere"' },
    { words: ['allow', 'x', 'sctp'], says: "'sctp' is invalid for argument 'protocol'. Known are tcp" },
    { words: ['allow', 'x', 'tcp', '90-80'], says: 'It is neither a port nor a range such as 8000-8080.' },
    { words: ['allow', 'x', 'icmp', '--from', 'there'], says: 'It is neither an address nor a block' },
    { words: ['allow', 'x', 'icmp', '--lab', 'nowhere'], says: 'there is no lab "nowhere"' },
    { words: ['fly'], says: "unknown command 'fly'" },
  ])('refuses $words in one sentence', async ({ words, says }) => {
    const { exitCode, stderr, stdout } = await tryLab(...words);
    expect(exitCode).toBe(1);
    expect(stderr).toContain(says);
    expect(stderr).not.toContain('    at ');
    expect(stdout).toBe('');
  });
});
