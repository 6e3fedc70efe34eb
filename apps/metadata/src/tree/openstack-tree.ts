import type { InstanceFacts } from './instance-facts.js';
import { folder, textLeaf, type Folder, type Leaf } from './metadata-node.js';
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

/** Bytes that nobody can guess, base64. */
export type RandomSeed = () => string;

/** What OpenStack's clients read: a folder per version, in it the files that can be served. */
export function openStackTree(facts: InstanceFacts, randomSeed: RandomSeed): Folder {
  const versions = VERSIONS.map((version) => [version, versionFolder(facts, version, version, randomSeed)]);
  return folder({
    ...Object.fromEntries(versions),
    latest: versionFolder(facts, LATEST, 'latest', randomSeed),
  });
}

function versionFolder(
  facts: InstanceFacts,
  version: OpenStackVersion,
  label: string,
  randomSeed: RandomSeed,
): Folder {
  const metaData: Leaf = {
    kind: 'leaf',
    contentType: 'application/json',
    content: () => pythonJson(metaDataOf(facts, version, randomSeed)),
  };
  const userData = facts.userData === null ? undefined : textLeaf(facts.userData);
  return folder({ 'meta_data.json': metaData, user_data: userData }, label);
}

function metaDataOf(facts: InstanceFacts, version: OpenStackVersion, randomSeed: RandomSeed): Json {
  const { key } = facts;
  return {
    uuid: facts.uuid,
    ...(Object.keys(facts.meta).length > 0 && { meta: facts.meta }),
    ...(key && {
      public_keys: { [key.name]: key.text },
      keys: [{ name: key.name, type: 'ssh', data: key.text }],
    }),
    hostname: facts.hostname,
    name: facts.displayName,
    launch_index: facts.launchIndex,
    availability_zone: facts.availabilityZone,
    ...(version >= '2013-04-04' && { random_seed: randomSeed() }),
    ...(version >= '2015-10-15' && { project_id: facts.projectId }),
    // nova-network had no tagged devices.
    ...(version >= '2016-06-30' && { devices: [] }),
  };
}
