import { describe, expect, it } from 'vitest';
import { instanceEvent } from './instance-event.js';

const uuid = '1a1b1c1d-1111-4222-8333-444455556666';
const sentAt = new Date('2016-03-01T12:00:00.123Z');

/** nova (Mitaka): `compute.instance.create.end`. */
const payload = {
  tenant_id: '9f3c2d1b0a994c7e8d6f5a4b3c2d1e0f',
  user_id: 'u1',
  instance_id: uuid,
  display_name: 'Web 1',
  reservation_id: 'r-abcd1234',
  hostname: 'web-1',
  instance_type: 'm1.small',
  instance_type_id: 5,
  instance_flavor_id: '2',
  architecture: null,
  memory_mb: 2048,
  disk_gb: 20,
  vcpus: 1,
  root_gb: 20,
  ephemeral_gb: 0,
  host: 'compute1',
  node: 'compute1.example.org',
  availability_zone: 'nova',
  cell_name: '',
  created_at: '2016-03-01 11:59:50+00:00',
  terminated_at: '',
  deleted_at: '',
  launched_at: '2016-03-01T12:00:00.000000',
  image_ref_url: 'http://glance:9292/images/b1a0b6a5-0b0e-4a0e-8f3e-2d8c2a1b7e11',
  os_type: null,
  kernel_id: '',
  ramdisk_id: '',
  state: 'active',
  state_description: '',
  progress: '',
  access_ip_v4: null,
  access_ip_v6: null,
  fixed_ips: [{ address: '10.0.0.4', type: 'fixed', version: 4, label: 'private' }],
  image_meta: { base_image_ref: 'b1a0b6a5-0b0e-4a0e-8f3e-2d8c2a1b7e11', min_ram: '0' },
  metadata: { role: 'web' },
  message: 'Success',
};

const facts = {
  host: 'compute1',
  projectId: '9f3c2d1b0a994c7e8d6f5a4b3c2d1e0f',
  userId: 'u1',
  displayName: 'Web 1',
  hostname: 'web-1',
  availabilityZone: 'nova',
  reservationId: 'r-abcd1234',
  instanceType: 'm1.small',
  amiId: 'b1a0b6a5-0b0e-4a0e-8f3e-2d8c2a1b7e11',
  meta: { role: 'web' },
};

const event = (eventType: string, over: object = {}) =>
  instanceEvent({ eventType: `compute.instance.${eventType}`, payload: { ...payload, ...over }, sentAt });

function factsOf(over: object) {
  const result = event('update', over);
  return result?.kind === 'observed' ? result.observation.facts : undefined;
}

describe('a notification of a compute service', () => {
  it('tells what is known of the instance', () => {
    expect(event('create.end')).toEqual({
      kind: 'observed',
      observation: { uuid, observedAt: sentAt, isBirth: true, facts },
    });
  });

  it.each([
    ['create.start', true],
    ['create.end', true],
    ['create.error', false],
    ['update', false],
    ['exists', false],
    ['soft_delete.end', false],
    ['restore.end', false],
    ['resize.end', false],
    ['resize.confirm.end', false],
    ['finish_resize.end', false],
    ['resize.revert.end', false],
    ['rebuild.end', false],
    ['live_migration.pre.end', false],
    ['live_migration.post.dest.end', false],
    ['unshelve.end', false],
  ])('%s is observed; as a birth: %s', (type, isBirth) => {
    expect(event(type)).toMatchObject({ kind: 'observed', observation: { isBirth } });
  });

  it.each([
    ['delete.end', {}],
    ['force_delete.end', { host: null }],
    ['update', { state: 'deleted' }],
    ['exists', { state: 'deleted' }],
    ['delete.end', { instance_id: uuid.toUpperCase() }],
  ])('%s %j is a deletion', (type, over) => {
    expect(event(type, over)).toEqual({ kind: 'deleted', uuid });
  });

  it.each([
    'delete.start',
    'soft_delete.start',
    'finish_resize.start',
    'live_migration.post.dest.start',
    'live_migration._post.end',
  ])('%s says nothing: its payload is behind', (type) => {
    expect(event(type)).toBeUndefined();
  });

  it.each([
    ['of another service', 'network.floating_ip.allocate', payload],
    ['of something else', 'compute.metrics.update', payload],
    ['of a whole host', 'compute.instance.update', { host: 'compute1' }],
    ['about no uuid', 'compute.instance.update', { ...payload, instance_id: 42 }],
    ['about a hostile one', 'compute.instance.delete.end', { instance_id: `${uuid}' OR '1'='1` }],
    ['without payload', 'compute.instance.update', null],
    ['with a list', 'compute.instance.delete.end', [payload]],
  ])('%s says nothing', (_name, eventType, body) => {
    expect(instanceEvent({ eventType, payload: body, sentAt })).toBeUndefined();
  });

  it('without time says nothing, for it cannot be put in order; a deletion is for ever', () => {
    const at = (eventType: string) => instanceEvent({ eventType, payload, sentAt: undefined });
    expect(at('compute.instance.update')).toBeUndefined();
    expect(at('compute.instance.delete.end')).toEqual({ kind: 'deleted', uuid });
  });
});

describe('a fact', () => {
  it.each<[string, object, object]>([
    ['a host that is not chosen yet', { host: null, state: 'building' }, { host: undefined }],
    ['a host that is empty', { host: '', state: 'error' }, { host: undefined }],
    ['no host after shelving', { host: null, state: 'shelved_offloaded' }, { host: null }],
    ['a host that is shelved but still there', { state: 'shelved_offloaded' }, { host: 'compute1' }],
    ['a host that cannot be one', { host: 'compute1;reboot' }, { host: undefined }],
    ['a host of another kind', { host: ['compute1'] }, { host: undefined }],
    ['a host name that dnsmasq would not read', { hostname: 'web,10.0.0.1' }, { hostname: undefined }],
    ['a host name with a line feed', { hostname: 'web\n' }, { hostname: undefined }],
    ['an empty host name', { hostname: '' }, { hostname: undefined }],
    ['a long name', { display_name: 'x'.repeat(256) }, { displayName: undefined }],
    ['a name of many letters', { display_name: '機械 1' }, { displayName: '機械 1' }],
    ['kernel and ramdisk', { kernel_id: 'k', ramdisk_id: 'r' }, { kernelId: 'k', ramdiskId: 'r' }],
    ['a reservation of another kind', { reservation_id: 'r-1' }, { reservationId: undefined }],
    ['a launch index', { launch_index: 3 }, { launchIndex: 3 }],
    ['a launch index of another kind', { launch_index: -1 }, { launchIndex: undefined }],
    ['an image by its address', { image_meta: {} }, { amiId: 'b1a0b6a5-0b0e-4a0e-8f3e-2d8c2a1b7e11' }],
    ['no image', { image_meta: {}, image_ref_url: 'http://glance:9292/images/' }, { amiId: undefined }],
    ['no metadata any more', { metadata: {} }, { meta: {} }],
    ['metadata that is not told', { metadata: null }, { meta: undefined }],
    [
      'metadata as a list',
      { metadata: [{ key: 'role', value: 'db' }, { key: 'odd' }, 'odd', { key: 1, value: 'x' }] },
      { meta: { role: 'db' } },
    ],
    ['metadata of other kinds', { metadata: { a: 1, b: ['x'], c: 'text' } }, { meta: { c: 'text' } }],
  ])('%s', (_name, over, expected) => {
    const { host, hostname, displayName, kernelId, ramdiskId, reservationId, launchIndex, amiId, meta } =
      factsOf(over) ?? {};
    const all = { host, hostname, displayName, kernelId, ramdiskId, reservationId, launchIndex, amiId, meta };
    expect(all).toMatchObject(expected);
  });
});
