import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { httpService } from '../testing/http-service.js';
import { instance } from '../testing/instance-fixture.js';
import { vendorDataWith } from '../testing/vendor-data-with.js';

function file(content: string): { path: string; write: (content: string) => void; remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'novanet-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, 'vendor.json');
  const write = (json: string) => writeFileSync(path, json);
  write(content);
  return { path, write, remove: () => rmSync(path) };
}

/** A target that always answers so. */
async function target(answer: { status: number; body: string } | undefined) {
  const { asked, url } = await httpService(() => answer);
  return { asked, url: `${url}/vendor` };
}

describe('the file of vendor data', () => {
  it('is read again when it changes', () => {
    const { path, write, remove } = file('{"k": "v"}');
    const data = vendorDataWith({ vendordata_jsonfile_path: path });
    expect(data.forAll()).toEqual({ k: 'v' });
    write('{"k": ["another", 1]}');
    expect(data.forAll()).toEqual({ k: ['another', 1] });
    write('{"k": ');
    expect(data.forAll()).toEqual({});
    remove();
    expect(data.forAll()).toEqual({});
    expect(vendorDataWith({ vendordata_jsonfile_path: '/etc/hostname/x' }).forAll()).toEqual({});
    write('{"k": "again"}');
    expect(data.forAll()).toEqual({ k: 'again' });
  });

  it('is empty when there is none, and not there when nobody provides it', () => {
    expect(vendorDataWith({}).forAll()).toEqual({});
    expect(vendorDataWith({ vendordata_providers: 'DynamicJSON' }).forAll()).toBeUndefined();
  });
});

describe('a target of vendor data', () => {
  const dynamic = (url: string, more: Readonly<Record<string, string>> = {}) =>
    vendorDataWith({
      vendordata_providers: 'StaticJSON,DynamicJSON',
      vendordata_dynamic_targets: `testing@${url}`,
      ...more,
    });

  it('is asked nova’s question, and not again for a while', async () => {
    const { asked, url } = await target({ status: 200, body: '{"hello": 1}' });
    const data = dynamic(url);
    expect(await data.of(instance, 'test.novalocal')).toEqual({ static: {}, testing: { hello: 1 } });
    expect(await data.of(instance, 'test.novalocal')).toEqual({ static: {}, testing: { hello: 1 } });
    expect(asked).toEqual([
      {
        method: 'POST',
        path: '/vendor',
        headers: expect.objectContaining({
          'content-type': 'application/json',
          accept: 'application/json',
          'user-agent': 'openstack-nova-vendordata',
        }),
        body: {
          'project-id': 'project',
          'instance-id': instance.uuid,
          'image-id': 'ami-0000002a',
          'user-data': instance.userData,
          hostname: 'test.novalocal',
          metadata: { priority: 'low', role: 'webserver' },
          'boot-roles': '',
        },
      },
    ]);
    await data.of({ ...instance, uuid: 'another' }, 'other');
    expect(asked).toHaveLength(2);
  });

  it.each([
    { name: 'says nothing', answer: { status: 204, body: '' } },
    { name: 'fails', answer: { status: 500, body: '{"a": 1}' } },
    { name: 'says no JSON', answer: { status: 200, body: '<html>' } },
    { name: 'says too much', answer: { status: 200, body: `"${'x'.repeat(1 << 21)}"` } },
  ])('that $name leaves an empty object', async ({ answer }) => {
    const { url } = await target(answer);
    expect(await dynamic(url).of(instance, 'test')).toEqual({ static: {}, testing: {} });
  });

  it('that does not answer leaves an empty object in time, and is left alone then', async () => {
    const { asked, url } = await target(undefined);
    const data = dynamic(url, {
      vendordata_dynamic_connect_timeout: '3',
      vendordata_dynamic_read_timeout: '0',
    });
    const begin = performance.now();
    expect(await data.of(instance, 'test')).toEqual({ static: {}, testing: {} });
    expect(performance.now() - begin).toBeLessThan(4000);
    expect(await data.of({ ...instance, uuid: 'another' }, 'test')).toEqual({ static: {}, testing: {} });
    expect(asked).toHaveLength(1);
  });

  it('that fails for one instance is asked of another, and of the same again', async () => {
    const answer = { status: 400, body: '' };
    const { asked, url } = await target(answer);
    const data = dynamic(url);
    expect(await data.of(instance, 'test')).toEqual({ static: {}, testing: {} });
    Object.assign(answer, { status: 200, body: '{"hello": 1}' });
    expect(await data.of({ ...instance, uuid: 'another' }, 'test')).toMatchObject({ testing: { hello: 1 } });
    expect(await data.of(instance, 'test')).toMatchObject({ testing: { hello: 1 } });
    expect(asked).toHaveLength(3);
  });

  it('that fails fails the file where that is fatal', async () => {
    const data = dynamic('http://127.0.0.1:1/', { vendordata_dynamic_failure_fatal: 'true' });
    await expect(data.of(instance, 'test')).rejects.toThrow('ECONNREFUSED');
  });
});
