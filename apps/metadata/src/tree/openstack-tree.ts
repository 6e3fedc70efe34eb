import type { NetworkData } from '@novanet/contracts';
import type { InstanceFacts } from './instance-facts.js';
import { folder, listing, textLeaf, type Folder, type Leaf, type MetadataNode } from './metadata-node.js';
import { pythonJson, type Json } from './python-json.js';

const VERSIONS = [
  '2012-08-10',
  '2013-04-04',
  '2013-10-17',
  '2015-10-15',
  '2016-06-30',
  '2016-10-06',
  '2017-02-22',
  '2018-08-27',
] as const;

type OpenStackVersion = (typeof VERSIONS)[number];

const LATEST: OpenStackVersion = '2018-08-27';

/** nova's only file for the instance's image. */
const INTERFACES = '0000';

/** What is not part of an instance's facts: it is another each time, or somebody else's to say. */
export interface LiveData {
  /** Bytes that nobody can guess, base64. */
  randomSeed(): string;
  /** vendor_data.json; undefined: there is none. */
  vendorData(): Json | undefined;
  /** vendor_data2.json: what the targets say of this instance. */
  vendorData2(): Promise<Json>;
  /** What the instance has left; empty: nothing. */
  password(): Promise<string>;
}

/** What OpenStack's clients read: a folder per version, in it the files that can be served. */
export function openStackTree(facts: InstanceFacts, live: LiveData): Folder {
  const versions = VERSIONS.map((version) => [version, versionFolder(facts, version, version, live)]);
  const latest = versionFolder(facts, LATEST, 'latest', live);
  const all = folder({ ...Object.fromEntries(versions), latest });
  return { ...all, hidden: new Map([['content', contentFolder(facts)]]) };
}

/** What can be read of it, but not listed. */
function contentFolder({ interfacesFile }: InstanceFacts): MetadataNode {
  const files = folder({ [INTERFACES]: interfacesFile === undefined ? undefined : textLeaf(interfacesFile) });
  // It has no listing.
  return { ...files, entries: new Map(), hidden: files.entries };
}

function versionFolder(
  facts: InstanceFacts,
  version: OpenStackVersion,
  label: string,
  live: LiveData,
): Folder {
  const since = (first: OpenStackVersion, node: MetadataNode | undefined) =>
    version >= first ? node : undefined;
  const network = json(() => jsonOf(facts.networkData));
  const vendorData = live.vendorData();
  const files = folder({
    'meta_data.json': metaData(facts, version, live),
    user_data: facts.userData === null ? undefined : textLeaf(facts.userData),
    password: since('2013-04-04', { ...textLeaf(''), content: () => live.password() }),
    'vendor_data.json': since('2013-10-17', vendorData === undefined ? undefined : json(() => vendorData)),
    'network_data.json': since('2015-10-15', network),
    'vendor_data2.json': since(
      '2016-10-06',
      json(() => live.vendorData2()),
    ),
  });
  const { entries } = files;
  // nova serves these in every version.
  const hidden = { 'network_data.json': network, version: textLeaf(listing({ entries, isOrdered: true })) };
  return { ...files, label, isOrdered: true, hidden: new Map(Object.entries(hidden)) };
}

function json(value: () => Json | Promise<Json>): Leaf {
  return { kind: 'leaf', contentType: 'application/json', content: async () => pythonJson(await value()) };
}

function jsonOf(data: NetworkData): Json {
  return JSON.parse(JSON.stringify(data));
}

/** Only the seed is another each time: the rest is put into words once. */
function metaData(facts: InstanceFacts, version: OpenStackVersion, live: LiveData): Leaf {
  let parts: readonly [head: string, tail: string] | undefined;
  const content = () => {
    const [head, tail] = (parts ??= metaDataParts(facts, version));
    return version < '2013-04-04' ? `${head}}` : `${head}, "random_seed": "${live.randomSeed()}"${tail}`;
  };
  return { kind: 'leaf', contentType: 'application/json', content };
}

/** What stands before the seed and after it. */
function metaDataParts(facts: InstanceFacts, version: OpenStackVersion): readonly [string, string] {
  const { key, interfacesFile } = facts;
  const before = {
    uuid: facts.uuid,
    ...(Object.keys(facts.meta).length > 0 && { meta: facts.meta }),
    ...(interfacesFile !== undefined && {
      network_config: { name: 'network_config', content_path: `/content/${INTERFACES}` },
    }),
    ...(key && {
      public_keys: { [key.name]: key.text },
      keys: [{ name: key.name, type: 'ssh', data: key.text }],
    }),
    hostname: facts.hostname,
    name: facts.displayName,
    launch_index: facts.launchIndex,
    availability_zone: facts.availabilityZone,
  };
  const after = {
    ...(version >= '2015-10-15' && { project_id: facts.projectId }),
    // nova-network had no tagged devices.
    ...(version >= '2016-06-30' && { devices: [] }),
  };
  const tail = pythonJson(after).slice(1);
  return [pythonJson(before).slice(0, -1), tail === '}' ? tail : `, ${tail}`];
}
