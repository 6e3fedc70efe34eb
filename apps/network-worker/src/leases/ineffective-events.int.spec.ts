import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { startCloud, type TestCloud } from '../known-faults/testing/test-cloud.js';
import { addressOf, allocate, createNetwork } from '../testing/requests.js';

const holder = 'fa:16:3e:00:00:01';
const stranger = 'fa:16:3e:00:00:09';

/** Somebody's NIC and its address, and what the DHCP servers say of it. */
interface Scene {
  readonly cloud: TestCloud;
  readonly uuid: string;
  readonly address: string;
  readonly say: (event: Said) => Promise<void>;
}

/** By the host's dnsmasq; of the address and MAC of the scene unless told. */
interface Said {
  readonly kind: 'lease' | 'release';
  readonly by?: string;
  readonly mac?: string;
  readonly address?: string;
}

async function leased(isMultiHost: boolean): Promise<Scene> {
  const cloud = await startCloud();
  await cloud.startAll('h1', 'h2');
  await createNetwork(cloud, { multi_host: isMultiHost, cidr: '10.0.0.0/29' });
  const uuid = randomUUID();
  const address = String(addressOf(await allocate(cloud.at('h1'), uuid, { host: 'h1', macs: [holder] })));
  const say = async ({ kind, by = 'h1', mac = holder, address: about = address }: Said) => {
    const expiry = kind === 'lease' ? { expires_at: 1_900_000_000 } : {};
    await cloud.call(`${kind}_fixed_ip`, { address: about, mac, ...expiry }, { server: by });
  };
  await say({ kind: 'lease' });
  return { cloud, uuid, address, say };
}

const deallocated = ({ cloud, uuid }: Scene) =>
  cloud.call('deallocate_for_instance', { instance: { uuid, host: 'h1' } });

async function freed(scene: Scene): Promise<void> {
  await deallocated(scene);
  await scene.say({ kind: 'release' });
}

/** The ring goes on from the last address: the next owner of this one asks for it. */
async function nextOwner(scene: Scene): Promise<void> {
  await freed(scene);
  const [network] = await scene.cloud.rows<{ uuid: string }>('SELECT uuid FROM networks');
  const mac = 'fa:16:3e:00:00:02';
  const wish = { host: 'h1', macs: [mac], requested_networks: [[network?.uuid, scene.address]] };
  expect(addressOf(await allocate(scene.cloud.at('h1'), randomUUID(), wish))).toBe(scene.address);
  await scene.say({ kind: 'lease', mac });
}

async function moved({ cloud, uuid, say }: Scene): Promise<void> {
  await cloud.rows("UPDATE instances SET host = 'h2' WHERE uuid = ?", [uuid]);
  await say({ kind: 'lease', by: 'h2' });
}

const nothing = () => Promise.resolve();

const cases: {
  readonly name: string;
  readonly before: (scene: Scene) => Promise<unknown>;
  readonly event: Said;
  readonly isMultiHost?: boolean;
}[] = [
  { name: 'a lease that was told before', before: nothing, event: { kind: 'lease' } },
  {
    name: 'a release that was told before',
    before: ({ say }) => say({ kind: 'release' }),
    event: { kind: 'release' },
  },
  { name: 'a lease of another MAC', before: nothing, event: { kind: 'lease', mac: stranger } },
  { name: 'a release of another MAC', before: nothing, event: { kind: 'release', mac: stranger } },
  {
    name: 'a lease of another MAC while the address waits for its release',
    before: deallocated,
    event: { kind: 'lease', mac: stranger },
  },
  {
    name: 'a release of another MAC while the address waits for its release',
    before: deallocated,
    event: { kind: 'release', mac: stranger },
  },
  { name: 'a lease after the deallocation', before: deallocated, event: { kind: 'lease' } },
  { name: 'a lease of a free address', before: freed, event: { kind: 'lease' } },
  { name: 'a release of a free address', before: freed, event: { kind: 'release' } },
  { name: 'a lease of the owner before', before: nextOwner, event: { kind: 'lease' } },
  { name: 'a release of the owner before', before: nextOwner, event: { kind: 'release' } },
  { name: 'a lease of the gateway', before: nothing, event: { kind: 'lease', address: '10.0.0.1' } },
  { name: 'a release of the gateway', before: nothing, event: { kind: 'release', address: '10.0.0.1' } },
  { name: 'a lease of no network', before: nothing, event: { kind: 'lease', address: '172.16.0.9' } },
  { name: 'a release of no network', before: nothing, event: { kind: 'release', address: '172.16.0.9' } },
  {
    name: 'a lease of the host before a move',
    before: moved,
    event: { kind: 'lease' },
    isMultiHost: true,
  },
  {
    name: 'a release of the host before a move',
    before: moved,
    event: { kind: 'release' },
    isMultiHost: true,
  },
];

describe('an event that comes late, again or for another MAC changes nothing', () => {
  test.each(cases)('$name', async ({ before, event, isMultiHost = false }) => {
    const scene = await leased(isMultiHost);
    await before(scene);
    const known = await scene.cloud.dump();
    await scene.say(event);
    await scene.say(event);
    expect(await scene.cloud.dump()).toEqual(known);
  });
});
