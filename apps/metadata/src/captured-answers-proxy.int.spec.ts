import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signatureOf } from './callers/signed-proxy.js';
import {
  capturedInstance,
  errorAnswer,
  jsonAnswer,
  notFound,
  textAnswer,
  UUID,
} from './testing/captured-answers.js';
import { GuestCloud, type Service } from './testing/guest-cloud.js';

/** What nova expects of who signs this uuid with s3cr3t. */
const SIGNATURE = '2027ef4e23a951e81b0c43cf770762ea65d8944762ac8d3a30eb88f59388faae';
const FORBIDDEN = errorAnswer('403 Forbidden', 'Invalid proxy request signature.');
const NOWHERE = 'aaaaaaaa-2648-49a3-bf97-6be8f1204f38';

let cloud: GuestCloud;
let service: Service;
beforeAll(async () => {
  cloud = await GuestCloud.create();
  await cloud.boot(UUID, capturedInstance);
  service = await cloud.serve({
    service_metadata_proxy: 'true',
    metadata_proxy_shared_secret: 's3cr3t',
    metadata_rate_limit: '0',
  });
});
afterAll(() => cloud.remove());

const ID = `X-Instance-ID: ${UUID}`;
const SIGNED = `X-Instance-ID-Signature: ${SIGNATURE}`;
const TENANT = 'X-Tenant-ID: project';

const askAs = (headers: readonly string[], path = '/latest/meta-data/hostname') =>
  service.ask('127.0.0.9', [`GET ${path} HTTP/1.1`, ...headers].join('\r\n'));

describe('a proxy that names no instance as it should is refused', () => {
  it.each([
    { headers: [], says: 'X-Instance-ID header is missing from request.' },
    { headers: [SIGNED, TENANT], says: 'X-Instance-ID header is missing from request.' },
    { headers: [ID, TENANT], says: 'X-Instance-ID-Signature header is missing from request.' },
    { headers: [ID, SIGNED], says: 'X-Tenant-ID header is missing from request.' },
    { headers: [ID, ID, SIGNED, TENANT], says: 'Multiple X-Instance-ID headers found within request.' },
    { headers: [ID, SIGNED, TENANT, TENANT], says: 'Multiple X-Tenant-ID headers found within request.' },
  ])('for $headers: $says', async ({ headers, says }) => {
    expect(await askAs(headers)).toEqual(errorAnswer('400 Bad Request', says));
  });

  it.each([
    { headers: [ID, `${SIGNED.slice(0, -1)}f`, TENANT] },
    { headers: [ID, SIGNED.toUpperCase(), TENANT] },
    { headers: [ID, 'X-Instance-ID-Signature: ', TENANT] },
    { headers: [`X-Instance-ID: ${NOWHERE}`, SIGNED, TENANT] },
    { headers: ['X-Instance-ID: ', SIGNED, TENANT] },
  ])('for a signature that is not its own: $headers', async ({ headers }) => {
    expect(await askAs(headers)).toEqual(FORBIDDEN);
  });

  it('and reads nowhere what it should have signed', async () => {
    expect(await askAs([ID, 'X-Instance-ID-Signature: guessed', TENANT])).toEqual(FORBIDDEN);
    expect(await askAs([ID, SIGNED, TENANT])).toEqual(textAnswer('test.novalocal'));
    expect(cloud.logged.join('')).toContain(UUID);
    expect(cloud.logged.join('')).not.toContain(SIGNATURE);
  });
});

describe('a proxy that signs', () => {
  it('gets what the instance gets', async () => {
    expect(await askAs([ID, SIGNED, TENANT])).toEqual(textAnswer('test.novalocal'));
    expect(await askAs([ID, SIGNED, TENANT], '/latest/meta-data/local-ipv4')).toEqual(
      textAnswer('127.0.5.2'),
    );
  });

  it('gets nothing of an instance that there is not, or in the name of another project', async () => {
    const nowhere = [
      `X-Instance-ID: ${NOWHERE}`,
      `X-Instance-ID-Signature: ${signatureOf(NOWHERE, 's3cr3t')}`,
    ];
    expect(await askAs([...nowhere, TENANT])).toEqual(notFound);
    expect(await askAs([ID, SIGNED, 'X-Tenant-ID: other'])).toEqual(notFound);
  });

  it('says the address of an instance that has none', async () => {
    const uuid = 'bbbbbbbb-2648-49a3-bf97-6be8f1204f38';
    await cloud.boot(uuid, capturedInstance);
    await cloud.ipam.fixedIps.deallocate(uuid);
    const signed = [
      `X-Instance-ID: ${uuid}`,
      `X-Instance-ID-Signature: ${signatureOf(uuid, 's3cr3t')}`,
      TENANT,
    ];
    const from = [...signed, 'X-Forwarded-For: 10.0.0.7'];
    expect(await askAs(from, '/latest/meta-data/local-ipv4')).toEqual(textAnswer('10.0.0.7'));
    expect(await askAs(from, '/openstack/latest/network_data.json')).toEqual(
      jsonAnswer('{"links": [], "networks": [], "services": []}'),
    );
  });
});

describe('X-Forwarded-For', () => {
  it.each([
    { proxies: '127.0.0.9', said: '127.0.5.2', answer: textAnswer('test.novalocal') },
    { proxies: '127.0.0.9', said: '127.0.5.2, 1.2.3.4', answer: notFound },
    { proxies: '127.0.0.9', said: '1.2.3.4, 127.0.5.2', answer: textAnswer('test.novalocal') },
    { proxies: '127.0.0.9,1.2.3.4', said: '127.0.5.2, 1.2.3.4', answer: textAnswer('test.novalocal') },
    { proxies: '127.0.0.8', said: '127.0.5.2', answer: notFound },
    { proxies: '127.0.0.9', said: 'nobody', answer: notFound },
    { proxies: '127.0.0.9', said: '', answer: notFound },
  ])('"$said" of 127.0.0.9 where $proxies are trusted', async ({ proxies, said, answer }) => {
    const behind = await cloud.serve({ use_forwarded_for: 'true', metadata_trusted_proxies: proxies });
    const request = `GET /latest/meta-data/hostname HTTP/1.1\r\nX-Forwarded-For: ${said}`;
    expect(await behind.ask('127.0.0.9', request)).toEqual(answer);
  });
});
