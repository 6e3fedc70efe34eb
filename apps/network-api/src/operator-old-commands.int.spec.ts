import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { Operator } from './testing/operator.js';
import { TestApi } from './testing/test-api.js';

// Command lines of nova-manage, against this API and a network worker.
const OTHER = 'c20f5eb7-3731-4401-bb46-73409f46ef15';
const SERVER = 'c20f5eb7-3731-4401-bb46-73409f46ef14';

let api: TestApi;
beforeAll(async () => {
  api = await TestApi.create({ databaseUrl: inject('databaseUrl'), amqpUrl: inject('amqpUrl') });
  const { id } = await json('network create in-use 172.31.7.0/24');
  await api.ask('PUT', `/v1/instances/${OTHER}`, { project_id: 'p7', host: 'h1' });
  const args = { instance_id: OTHER, project_id: 'p7', host: 'h1', rxtx_factor: 1, vpn: false };
  await api.tellWorker('allocate_for_instance', { ...args, requested_networks: [[id, null]] });
}, 90_000);
afterAll(() => api?.remove());

const manage = (line: string) => new Operator({ NOVANET_API_URL: api.url }).run(line);

async function json(line: string) {
  const { exitCode, out, complaints } = await manage(`${line} --json`);
  expect({ line, exitCode, complaints }).toEqual({ line, exitCode: 0, complaints: '' });
  return JSON.parse(out);
}

describe('an operator with scripts of nova-manage', () => {
  it('creates networks in the words of Cactus, and is told what is left of the range', async () => {
    const created = await manage('network create 10.0.0.0/8 3 16');
    expect(created.exitCode).toBe(0);
    expect(created.out.split('\n').map((line) => line.split(/ +/).slice(0, 2))).toEqual([
      ['label', 'IPv4'],
      ['public_0', '10.0.0.0/28'],
      ['public_1', '10.0.0.16/28'],
      ['public_2', '10.0.0.32/28'],
    ]);
    expect(created.complaints).toMatch(
      /^novanet: warning: of the 16777216 addresses of 10.0.0.0\/8, 48 are taken/,
    );
  });

  it('takes the whole range when nothing else is said', async () => {
    const [network] = [
      await json('network create --label=big --fixed_range_v4=172.16.0.0/16 --multi_host=T'),
    ];
    expect(network).toMatchObject({ label: 'big', cidr: '172.16.0.0/16', multi_host: true });
    expect(await manage('network delete --fixed_range=172.16.0.0/16')).toMatchObject({
      exitCode: 0,
      complaints: '',
    });
  });

  it('reserves a fixed IP, and lets it go', async () => {
    expect((await manage('fixed reserve --address 10.0.0.9')).out).toBe('Fixed IP 10.0.0.9 reserved.');
    expect((await manage('fix unreserve --address=10.0.0.9')).out).toBe('Fixed IP 10.0.0.9 unreserved.');
    expect(await manage('fixed reserve --address 192.0.2.1')).toMatchObject({ exitCode: 1, out: '' });
  });

  it('adds a /31 of floating IPs, which are two, lists and deletes them', async () => {
    expect((await manage('floating create --pool nova --ip_range 68.99.26.170/31')).out).toBe(
      '2 floating IPs of 68.99.26.170/31 added to pool nova.',
    );
    const listed = await json('floating list');
    expect(listed.map((each: { address: string }) => each.address)).toEqual(['68.99.26.170', '68.99.26.171']);
    expect((await manage('floating delete 68.99.26.170/31')).exitCode).toBe(0);
    expect((await manage('floating list')).out).toBe('No floating IP addresses have been defined.');
  });

  it('changes what a project may have', async () => {
    const changed = await json('project quota --project p1 --key floating_ips --value unlimited');
    expect(changed.floating_ips).toEqual({ limit: -1, in_use: 0, reserved: 0 });
    expect((await manage('quota p1')).out).toMatch(/\nfloating_ips +unlimited +0 +0\n/);
  });

  it('scrubs a project, but for groups that are used and "default", and gives it no network', async () => {
    const owned = await json('network create --label=own --fixed_range_v4=10.9.0.0/24 --project_id=p1');
    for (const name of ['web', 'used']) {
      const token = { token: 'ann:p1' };
      await api.ask(
        'POST',
        '/v2.1/os-security-groups',
        { security_group: { name, description: name } },
        token,
      );
    }
    await api.ask('PUT', `/v1/instances/${SERVER}`, { project_id: 'p1', host: 'h1', hostname: 'web' });
    const added = { addSecurityGroup: { name: 'used' } };
    expect((await api.ask('POST', `/v2.1/servers/${SERVER}/action`, added, { token: 'ann:p1' })).status).toBe(
      202,
    );

    const done = await json('project scrub --project p1');
    expect(done).toMatchObject({ project: 'p1', networks: ['own'], security_groups: ['web'] });
    expect(done.kept.map((each: { name: string }) => each.name).toSorted()).toEqual(['default', 'used']);
    expect(await json(`network show ${owned.id}`)).toMatchObject({ project_id: null });
    const mine = (await json('network list')).filter(
      (each: { project_id: string }) => each.project_id === 'p1',
    );
    expect(mine).toEqual([]);
    expect((await json('project scrub p1')).networks).toEqual([]);
  });

  it('sees services and hosts', async () => {
    expect((await manage('service list --host h1 --service nova-network')).out).toMatch(
      /\nnova-network +h1 +internal +enabled +:-\) /,
    );
    expect((await manage('host list')).out).toMatch(/\nh1 +internal$/);
  });

  it.each([
    { line: 'fixed list --network nowhere', exitCode: 1, said: 'There is no network "nowhere"; ' },
    { line: 'fixed list --instance web', exitCode: 2, said: 'instance: "web" is not a UUID' },
    {
      line: 'network delete in-use',
      exitCode: 1,
      said: '.*; novanet fixed list --network \\S+ --allocated ',
    },
    { line: 'network create x 10.8.0.0/24 --multi-host maybe', exitCode: 2, said: '.*, not "maybe".$' },
    { line: 'service list --host h9', exitCode: 0, said: 'No service on host h9 ever reported; ' },
    { line: 'host list nova', exitCode: 0, said: 'There is no host in zone nova; ' },
    { line: 'floating list --pool x', exitCode: 0, said: 'There are no floating IPs in pool x; ' },
    { line: 'db check --config-file=/dev/null', exitCode: 3, said: '.*: see \\[database\\] connection' },
  ])('is told what is wrong with: $line', async ({ line, exitCode, said }) => {
    const { out, complaints, ...ended } = await manage(line);
    expect(ended).toEqual({ exitCode });
    expect(out || complaints).toMatch(new RegExp(`^(novanet: )?${said}`));
  });

  it('is told who may ask', async () => {
    const env = { NOVANET_API_URL: api.url, NOVANET_TOKEN: 'ann:p1' };
    const { complaints } = await new Operator(env).run('service list');
    expect(complaints).toMatch(/; NOVANET_TOKEN has to be an administrator's\.$/);
  });

  it('sees what the cloud keeps an address for', async () => {
    expect((await manage('fixed list --network in-use --state reserved')).out).toMatch(
      /172\.31\.7\.1 +- +- +reserved \(gateway\) +-$/,
    );
  });
});
