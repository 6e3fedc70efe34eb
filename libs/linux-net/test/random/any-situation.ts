import * as fc from 'fast-check';
import type {
  FilteredRecipe,
  FiltersRecipe,
  FloatingRecipe,
  NetworkRecipe,
  RuleRecipe,
  SettingsRecipe,
  SituationRecipe,
} from './recipes.js';

/** br300 is the operator's on some hosts. */
const BRIDGES = ['br100', 'br200', 'br300'] as const;
/** There is no eth9. */
const INTERFACES = ['eth0', 'eth1', 'eth2', 'eth9'] as const;
const INSTANCES = [1, 2, 3, 10] as const;
const PLUGGABLE = [1, 2, 10] as const;

const sometimes = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined, freq: 2 });
const rarely = fc.integer({ min: 0, max: 3 }).map((n) => n === 0);

const anyNetwork: fc.Arbitrary<NetworkRecipe> = fc
  .record({
    id: fc.integer({ min: 1, max: 4 }),
    bridge: fc.constantFrom(...BRIDGES),
    over: sometimes(fc.constantFrom(...INTERFACES)),
    mtu: sometimes(fc.constantFrom(1400, 1500)),
    hosts: fc.constantFrom('one', 'each', 'shared'),
    v4: fc.constantFrom('here', 'here', 'nobody', 'elsewhere', undefined),
    v6: fc.constantFrom('here', 'nobody', undefined, undefined),
    dhcp: fc.boolean(),
    vpn: rarely,
    dns: fc.boolean(),
    names: rarely,
    instances: fc.subarray(INSTANCES.filter((n) => n < 10)),
  })
  .filter(({ v4, v6 }) => v4 !== undefined || v6 !== undefined);

const anySettings: fc.Arbitrary<SettingsRecipe> = fc.record({
  publicInterface: fc.constantFrom('eth0', 'eth0', 'eth2', undefined),
  usesIpv6: fc.boolean(),
  snat: fc.constantFrom(true, true, false),
  metadata: fc.constantFrom('here', 'loopback', 'elsewhere'),
  exempt: fc.subarray(['198.18.0.0/15', '0.0.0.0/0']),
  forced: fc.subarray(['172.16.0.0/12', '198.51.100.0/24']),
  forwardsTo: fc.constantFrom(undefined, undefined, [], ['eth0'], ['eth0', 'eth2']),
  sameNet: fc.boolean(),
  refusal: fc.constantFrom('DROP', 'REJECT'),
  domain: fc.constantFrom('novalocal', ''),
  resolvers: fc.boolean(),
  singleGateway: fc.boolean(),
});

const anyFloatingIps: fc.Arbitrary<FloatingRecipe[]> = fc.uniqueArray(
  fc.record({
    last: fc.integer({ min: 1, max: 4 }),
    network: fc.integer({ min: 1, max: 4 }),
    instance: fc.constantFrom(1, 2),
    device: sometimes(fc.constantFrom(...INTERFACES)),
  }),
  { selector: ({ last }) => last, maxLength: 4 },
);

const ports = fc
  .tuple(fc.nat(65_535), fc.nat(65_535))
  .map(([a, b]) => ({ from: Math.min(a, b), to: Math.max(a, b) }));
const onePort = fc.nat(65_535).map((port) => ({ from: port, to: port }));
const icmp = fc.record({ from: fc.integer({ min: -1, max: 254 }), to: fc.integer({ min: -1, max: 255 }) });
const everything = fc.constant({ from: null, to: null });

const anyTraffic = fc.oneof(
  fc.record({ protocol: fc.constantFrom('tcp', 'udp'), range: fc.oneof(ports, onePort, everything) }),
  fc.record({ protocol: fc.constant('icmp'), range: fc.oneof(icmp, everything) }),
  fc.record({ protocol: fc.constant(null), range: everything }),
);
const anyBlock = fc.constantFrom('0.0.0.0/0', '192.168.0.0/16', '198.51.100.7/32', '::/0', 'fd00::/8');

function anyRule(source: fc.Arbitrary<string | number>): fc.Arbitrary<RuleRecipe> {
  return fc.tuple(anyTraffic, source).map(([{ protocol, range }, from]) => ({
    protocol,
    ...range,
    source: from,
  }));
}

const anyInstance: fc.Arbitrary<FilteredRecipe> = fc.record({
  id: fc.constantFrom(...PLUGGABLE),
  bridge: fc.constantFrom(...BRIDGES),
  network: fc.constantFrom(1, 2),
  families: fc.subarray([4, 6] as const, { minLength: 1 }),
  dhcp: fc.boolean(),
  rules: fc.array(anyRule(fc.oneof(anyBlock, fc.constantFrom(3, 4))), { maxLength: 4 }),
});

const anyFilters: fc.Arbitrary<FiltersRecipe> = fc.record({
  instances: fc.uniqueArray(anyInstance, { selector: ({ id }) => id, maxLength: 3 }),
  members: fc.subarray([...INSTANCES]),
  provider: fc.array(anyRule(anyBlock), { maxLength: 2 }),
});

const anyPlugging = fc.uniqueArray(fc.tuple(fc.constantFrom(...PLUGGABLE), fc.constantFrom(...BRIDGES)), {
  selector: ([instance]) => instance,
  maxLength: 3,
});

/** What a host may be asked for, reasonable or not: networks that claim the same interface, devices that do not exist. */
export const anySituation: fc.Arbitrary<SituationRecipe> = fc.record({
  settings: anySettings,
  networks: fc.uniqueArray(anyNetwork, { selector: ({ id }) => id, maxLength: 4 }),
  floatingIps: anyFloatingIps,
  names: fc.subarray(['www.example.org', 'vm.example.org', 'no name']),
  filters: sometimes(anyFilters),
  plugged: anyPlugging,
});
