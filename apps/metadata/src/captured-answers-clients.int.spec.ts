import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { capturedInstance, UUID } from './testing/captured-answers.js';
import { GuestCloud, type RawAnswer, type Service } from './testing/guest-cloud.js';

const HERE = '127.0.5.2';

let cloud: GuestCloud;
let service: Service;
beforeAll(async () => {
  cloud = await GuestCloud.create();
  await cloud.boot(UUID, capturedInstance);
  service = await cloud.serve();
});
afterAll(() => cloud.remove());

type Get = (path: string) => Promise<RawAnswer>;

/** As cloud-init reads a folder of Amazon’s tree: folders first, each to its end, then the files. */
async function crawl(get: Get, path: string): Promise<void> {
  const names = (await get(path)).body.split('\n');
  for (const name of names.filter((one) => one.endsWith('/'))) await crawl(get, path + name);
  for (const name of names.filter((one) => !one.endsWith('/'))) {
    const key = /^(\d+)=/.exec(name)?.[1];
    await get(path + (key === undefined ? name : `${key}/openssh-key`));
  }
}

/** The requests that a client makes with these headers; all are answered. */
async function asked(
  client: (get: Get) => Promise<void>,
  headers: readonly string[] = [],
): Promise<string[]> {
  const paths: string[] = [];
  await client(async (path) => {
    paths.push(path);
    const answer = await service.ask(HERE, [`GET ${path} HTTP/1.1`, ...headers].join('\r\n'));
    expect({ path, status: answer.status }).toEqual({ path, status: 200 });
    return answer;
  });
  return paths;
}

const CRAWLED = [
  '',
  'block-device-mapping/',
  'block-device-mapping/ami',
  'block-device-mapping/ephemeral0',
  'block-device-mapping/root',
  'block-device-mapping/swap',
  'placement/',
  'placement/availability-zone',
  'public-keys/',
  'public-keys/0/openssh-key',
  'ami-id',
  'ami-launch-index',
  'ami-manifest-path',
  'hostname',
  'instance-action',
  'instance-id',
  'instance-type',
  'kernel-id',
  'local-hostname',
  'local-ipv4',
  'public-hostname',
  'public-ipv4',
  'ramdisk-id',
  'reservation-id',
  'security-groups',
];
const crawledUnder = (version: string) => CRAWLED.map((name) => `/${version}/meta-data/${name}`);

const CLOUD_INIT = [
  'User-Agent: Cloud-Init/22.4.2',
  'Accept: */*',
  'Accept-Encoding: gzip, deflate',
  'Connection: keep-alive',
];

describe('cloud-init', () => {
  it('finds OpenStack’s tree and then Amazon’s, in the order of its recorded boot', async () => {
    const base = '/openstack/2018-08-27';
    const files = [
      'meta_data.json',
      'user_data',
      'vendor_data.json',
      'vendor_data2.json',
      'network_data.json',
    ];
    const paths = await asked(async (get) => {
      expect((await get('/openstack')).body.split('\n')).toContain('2018-08-27');
      await get('/openstack');
      for (const file of files) await get(`${base}/${file}`);
      await crawl(get, '/latest/meta-data/');
    }, CLOUD_INIT);
    expect(paths.slice(7)).toEqual(crawledUnder('latest'));
    expect(paths).toHaveLength(32);
  });

  it('finds Amazon’s tree where it knows no cloud', async () => {
    const paths = await asked(async (get) => {
      expect((await get('/2009-04-04/meta-data/instance-id')).body).not.toBe('');
      await get('/2009-04-04/user-data');
      await crawl(get, '/2009-04-04/meta-data/');
    }, CLOUD_INIT);
    expect(paths.slice(2)).toEqual(crawledUnder('2009-04-04'));
  });

  it('gets a token where it takes the cloud for Amazon’s, and another when that is no good', async () => {
    const token = async () => {
      const life = 'X-aws-ec2-metadata-token-ttl-seconds: 21600';
      const answer = await service.ask(
        HERE,
        `PUT /latest/api/token HTTP/1.1\r\nContent-Length: 0\r\n${life}`,
      );
      expect(answer.head).toMatch(/^HTTP\/1\.1 200 OK\nX-Aws-Ec2-Metadata-Token-Ttl-Seconds: 21600\n/);
      return answer.body;
    };
    const expired = 'GET /2009-04-04/meta-data/ HTTP/1.1\r\nX-aws-ec2-metadata-token: expired';
    expect((await service.ask(HERE, expired)).status).toBe(401);
    const headers = [...CLOUD_INIT, `X-aws-ec2-metadata-token: ${await token()}`];
    const paths = await asked(async (get) => {
      await get('/2009-04-04/meta-data/instance-id');
      await get('/2009-04-04/user-data');
      await crawl(get, '/2009-04-04/meta-data/');
      await get('/2009-04-04/dynamic/instance-identity');
    }, headers);
    expect(paths.slice(2, -1)).toEqual(crawledUnder('2009-04-04'));
  });
});

describe('another client', () => {
  it.each([
    {
      client: 'cirros',
      headers: ['User-Agent: Wget'],
      paths: [
        '/2009-04-04/meta-data/instance-id',
        '/2009-04-04/meta-data/public-keys',
        '/2009-04-04/meta-data/public-keys/0/openssh-key',
        '/2009-04-04/meta-data/instance-id',
        '/2009-04-04/meta-data/ami-launch-index',
        '/2009-04-04/meta-data/instance-type',
        '/2009-04-04/meta-data/local-ipv4',
        '/2009-04-04/meta-data/public-ipv4',
        '/2009-04-04/meta-data/hostname',
        '/2009-04-04/meta-data/local-hostname',
        '/2009-04-04/user-data',
        '/2009-04-04/meta-data/block-device-mapping',
        '/2009-04-04/meta-data/block-device-mapping/ami',
      ],
    },
    { client: 'Ignition', headers: ['User-Agent: Ignition/2.0'], paths: ['/openstack/latest/user_data'] },
    {
      client: 'Afterburn',
      headers: ['Content-Type: text/plain; charset=utf-8'],
      paths: [
        '/latest/meta-data/hostname',
        '/latest/meta-data/instance-id',
        '/latest/meta-data/instance-type',
        '/latest/meta-data/local-ipv4',
        '/latest/meta-data/public-ipv4',
        '/latest/meta-data/public-keys',
        '/latest/meta-data/public-keys/0/openssh-key',
      ],
    },
  ])('finds all that it asks for: $client', async ({ headers, paths }) => {
    const found = await asked(async (get) => {
      for (const path of paths) await get(path);
    }, headers);
    expect(found).toEqual(paths);
  });

  it('splits its keys at the only equal sign, and knows an instance by its first letter', async () => {
    expect((await service.get('/latest/meta-data/public-keys')).body.split('=')).toEqual(['0', 'mykey']);
    expect((await service.get('/2009-04-04/meta-data/instance-id')).body).toMatch(/^i-/);
  });
});
