import { fails, type Row, type Story } from '../../testing/both-clients.js';

const base = { namespace: 'baseapi' };
const [noSuchMethod, unsupported] = [fails('NoSuchMethod'), fails('UnsupportedVersion')];

const asEveryService: Story = {
  about: 'what every service answers',
  rows: [
    ['ping', { arg: 'x' }, { service: 'network', arg: 'x' }, { ...base, version: '1.0' }],
    [
      'ping',
      { arg: { deep: [1, null] } },
      { service: 'network', arg: { deep: [1, null] } },
      { ...base, version: '1.1', server: 'h1' },
    ],
    ['ping', {}, { service: 'network', arg: null }, base],
    ['get_backdoor_port', {}, null, { ...base, version: '1.1', server: 'h1' }],
    ['get_backdoor_port', {}, null, { version: '1.4' }],
  ],
};

/** What nova lets everybody call: any attribute of its manager. */
const neverCallable = [
  'no_such_method',
  '__init__',
  '__class__',
  '_do_something',
  '_allocate_fixed_ips',
  'constructor',
  'toString',
  'init_host',
  'reset',
  'periodic_tasks',
  'getInstanceNwInfo',
];

const dispatch: Story = {
  about: 'only what is declared can be called, in its namespace and version',
  rows: [
    ...neverCallable.map((method): Row => [method, {}, noSuchMethod]),
    ['ping', { arg: 'x' }, noSuchMethod],
    ['put_instance', {}, noSuchMethod],
    ['get_all_networks', {}, noSuchMethod, { ...base, version: '1.1' }],
    ['get_all_networks', {}, noSuchMethod, { namespace: 'novanet' }],
    ['get_all_networks', {}, unsupported, { namespace: 'elsewhere' }],
    ['get_all_networks', {}, [], { version: '1.17' }],
    ['get_all_networks', {}, unsupported, { version: '1.18' }],
    ['get_all_networks', {}, unsupported, { version: '1.99' }],
    ['get_all_networks', {}, unsupported, { version: '2.0' }],
    ['get_all_networks', {}, unsupported, { version: '0.9' }],
    ['ping', { arg: 'x' }, unsupported, { ...base, version: '1.2' }],
    ['list_floating_pools', {}, unsupported, { namespace: 'novanet', version: '1.1' }],
    // The version of the interface is not that of the method.
    ['get_floating_ip_pools', {}, [], { version: '1.0' }],
  ],
};

export const interfaceStories: readonly Story[] = [asEveryService, dispatch];
