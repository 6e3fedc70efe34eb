import { RemoteError } from '@novanet/messaging';
import { expect, it } from 'vitest';
import { allocate, createNetwork } from '../testing/requests.js';
import { startWorker, type TestWorker } from '../testing/test-worker.js';
import { argumentsOf } from './rpc-page.js';
import { declaredMethods } from './rpc.decorator.js';

const uuid = 'aaaaaaaa-0000-4000-8000-000000000001';

/** What makes sense, by the name of the argument. */
const sane: Readonly<Record<string, unknown>> = {
  address: '10.0.0.2',
  associations: { host: null },
  binary: 'nova-other',
  cidr: '10.0.0.0/24',
  dest: 'h1',
  dev: 'br100',
  disabled: true,
  dns_type: 'A',
  domain: 'example.org',
  filters: { ip: '10\\.' },
  fixed_address: '10.0.0.2',
  floating_address: '203.0.113.1',
  forced_down: true,
  from_port: 80,
  group_id: 1,
  host: 'h1',
  id: 1,
  instance: { uuid },
  instance_id: uuid,
  instance_uuid: uuid,
  ip_protocol: 'tcp',
  label: 'more',
  limits: { floating_ips: 5 },
  mac_address: 'fa:16:3e:00:00:01',
  multi_host: false,
  name: 'www',
  network_id: 1,
  network_ids: [1],
  network_ref: { id: 1 },
  network_uuid: '11111111-1111-4111-8111-111111111111',
  project_id: 'p',
  range: '203.0.113.9',
  rule_id: 1,
  rules: [{ ip_protocol: 'tcp', from_port: 80, to_port: 80 }],
  to_port: 80,
  uuid,
  vif_address: 'fa:16:3e:00:00:01',
};

const hostile: readonly unknown[] = [
  null,
  '',
  ' ',
  '-x/../y',
  "'; DROP TABLE networks; --",
  '\u0000',
  'ü\uD800',
  'x'.repeat(70_000),
  '10.0.0.0/24',
  'fe80::1%eth0',
  '::ffff:10.0.0.2',
  -1,
  0,
  1.5,
  1e300,
  2 ** 53,
  true,
  [],
  [null],
  [[null, null]],
  [['x', { y: 1 }, 3]],
  {},
  { id: -1 },
  [{ group_id: 2 ** 53 }, { ip_protocol: 5, cidr: [] }],
  [{ ip_protocol: 'tcp', from_port: 1e300, to_port: '9'.repeat(30) }],
  { uuid: 5, host: {}, project: [], ip: '(a+)+$', ip6: '[', fixed_ip: 7 },
  JSON.parse('{"__proto__": {"x": 1}, "constructor": "x", "toString": 1}'),
  { 'nova_object.name': 'List', 'nova_object.data': { objects: [{ 'nova_object.name': 5 }] } },
];

/** The last one says that this kind of network manager has no such method. */
const understood = /^(nova\.exception|exceptions|oslo_messaging\.rpc\.dispatcher)$/;

/** What is wrong about an outcome: a caller understands answers, and the exceptions of nova and of Python. */
async function complaint(
  { client, topic }: TestWorker,
  name: string,
  args: Readonly<Record<string, unknown>>,
): Promise<string | undefined> {
  const [method = '', namespace] = name.split('/').toReversed();
  const target = { topic, version: '1.0', ...(namespace !== undefined && { namespace }) };
  try {
    await client.call(target, method, args);
  } catch (error) {
    const isUnderstood = error instanceof RemoteError && understood.test(error.moduleName);
    if (!isUnderstood) return `${name} ${JSON.stringify(args).slice(0, 200)}: ${String(error)}`;
  }
  return undefined;
}

it.each(['FlatDHCPManager', 'VlanManager', 'FlatManager'])(
  'whatever an argument is, %s answers or refuses in words that a caller knows',
  { timeout: 120_000 },
  async (manager) => {
    const worker = await startWorker({ network_manager: manager, vlan_interface: 'eth1' });
    await createNetwork(worker, { uuid: sane['network_uuid'], project_id: 'p' });
    await allocate(worker, uuid);
    const wrong: string[] = [];
    for (const [name, { takes }] of declaredMethods) {
      const shape = argumentsOf(takes).map(({ name: argument }) => argument);
      const usual = Object.fromEntries(shape.flatMap((each) => (each in sane ? [[each, sane[each]]] : [])));
      for (const argument of shape) {
        const requests = hostile.map((value) => complaint(worker, name, { ...usual, [argument]: value }));
        wrong.push(...(await Promise.all(requests)).filter((each) => each !== undefined));
      }
    }
    expect(wrong).toEqual([]);
  },
);
