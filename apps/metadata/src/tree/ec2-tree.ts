import { nicsFolder } from './ec2-nics.js';
import type { InstanceFacts } from './instance-facts.js';
import { folder, textLeaf, type Folder, type MetadataNode } from './metadata-node.js';
import { pythonJson } from './python-json.js';

const VERSIONS = [
  '1.0',
  '2007-01-19',
  '2007-03-01',
  '2007-08-29',
  '2007-10-10',
  '2007-12-15',
  '2008-02-01',
  '2008-09-01',
  '2009-04-04',
] as const;

/** Amazon's, which nova never had: served, but in no listing. To an instance they are all the same. */
const NEWER_VERSIONS = ['2016-09-02', '2018-09-24', '2021-03-23'] as const;

type Ec2Version = (typeof VERSIONS | typeof NEWER_VERSIONS)[number];

/** The answer to `/`, which needs no instance. */
export const EC2_VERSIONS = textLeaf([...VERSIONS, 'latest']);

/** What Amazon's clients read: a folder per version. */
export function ec2Tree(facts: InstanceFacts): Folder {
  const versions = VERSIONS.map((version) => [version, versionFolder(facts, version, version)]);
  const latest = versionFolder(facts, '2009-04-04', 'latest');
  const listed = folder({ ...Object.fromEntries(versions), latest });
  const newer = newerFolder(facts);
  return { ...listed, hidden: new Map(NEWER_VERSIONS.map((version) => [version, newer])) };
}

function versionFolder(facts: InstanceFacts, version: Ec2Version, label: string): Folder {
  const files = folder({ 'meta-data': metaData(facts, version), 'user-data': userData(facts) }, label);
  // nova never had it, and so it is in no listing; but cloud-init asks for it again and again, five seconds each time,
  // where it takes a cloud for Amazon's.
  const dynamic = { ...folder({}), hidden: new Map([['instance-identity', identity(facts)]]) };
  return { ...files, hidden: new Map([['dynamic', dynamic]]) };
}

function newerFolder(facts: InstanceFacts): Folder {
  return folder({
    dynamic: folder({ 'instance-identity': identity(facts) }),
    'meta-data': metaData(facts, NEWER_VERSIONS[0]),
    'user-data': userData(facts),
  });
}

function userData(facts: InstanceFacts): MetadataNode | undefined {
  return facts.userData === null ? undefined : textLeaf(facts.userData);
}

/** What Amazon signs of an instance, without signature. */
function identity(facts: InstanceFacts): Folder {
  const document = {
    accountId: facts.projectId,
    availabilityZone: facts.availabilityZone,
    imageId: facts.amiId,
    instanceId: facts.ec2Id,
    instanceType: facts.instanceType,
    kernelId: facts.kernelId,
    pendingTime: facts.createdAt.toISOString(),
    privateIp: facts.localIpv4,
    ramdiskId: facts.ramdiskId,
    // Nobody knows of regions: a zone is as far as it gets.
    region: facts.availabilityZone,
    version: '2017-09-30',
  };
  return folder({ document: textLeaf(pythonJson(document)) });
}

function metaData(facts: InstanceFacts, version: Ec2Version): Folder {
  const rows = ROWS.filter((row) => row.since <= version);
  return folder(Object.fromEntries(rows.map((row) => [row.name, row.node(facts)])));
}

interface Row {
  readonly name: string;
  readonly since: Ec2Version;
  /** Undefined: this instance has none. */
  readonly node: (facts: InstanceFacts) => MetadataNode | undefined;
}

const ROWS: readonly Row[] = [
  { name: 'ami-id', since: '1.0', node: (facts) => textLeaf(facts.amiId) },
  { name: 'ami-launch-index', since: '1.0', node: (facts) => textLeaf(facts.launchIndex) },
  // nova never knew it.
  { name: 'ami-manifest-path', since: '1.0', node: () => textLeaf('FIXME') },
  { name: 'hostname', since: '1.0', node: (facts) => textLeaf(facts.hostname) },
  { name: 'instance-id', since: '1.0', node: (facts) => textLeaf(facts.ec2Id) },
  { name: 'local-ipv4', since: '1.0', node: (facts) => textLeaf(facts.localIpv4) },
  { name: 'public-keys', since: '1.0', node: publicKeys },
  { name: 'reservation-id', since: '1.0', node: (facts) => textLeaf(facts.reservationId) },
  { name: 'security-groups', since: '1.0', node: (facts) => textLeaf(facts.securityGroups) },
  { name: 'local-hostname', since: '2007-01-19', node: (facts) => textLeaf(facts.hostname) },
  { name: 'public-hostname', since: '2007-01-19', node: (facts) => textLeaf(facts.hostname) },
  { name: 'public-ipv4', since: '2007-01-19', node: (facts) => textLeaf(facts.publicIpv4) },
  { name: 'instance-type', since: '2007-08-29', node: (facts) => textLeaf(facts.instanceType) },
  { name: 'block-device-mapping', since: '2007-12-15', node: blockDevices },
  { name: 'kernel-id', since: '2007-12-15', node: (facts) => given(facts.kernelId) },
  { name: 'ramdisk-id', since: '2007-12-15', node: (facts) => given(facts.ramdiskId) },
  { name: 'placement', since: '2008-02-01', node: placement },
  { name: 'instance-action', since: '2008-09-01', node: () => textLeaf('none') },
  { name: 'mac', since: '2016-09-02', node: (facts) => given(facts.nics[0]?.mac) },
  { name: 'network', since: '2016-09-02', node: nicsFolder },
];

function given(value: string | null | undefined): MetadataNode | undefined {
  return value === null || value === undefined ? undefined : textLeaf(value);
}

function placement(facts: InstanceFacts): Folder {
  return folder({ 'availability-zone': textLeaf(facts.availabilityZone) });
}

function publicKeys({ key }: InstanceFacts): Folder | undefined {
  if (!key) return undefined;
  // Clients split "0=name" at the equal sign and lists at line feeds.
  const label = `0=${safeName(key.name)}`;
  const first = folder({ 'openssh-key': textLeaf(key.text) }, label);
  // nova shows its mark of such a folder to who asks for it.
  return folder({ '0': { ...first, hidden: new Map([['_name', textLeaf(label)]]) } });
}

function safeName(name: string): string {
  return name.replace(/[=/\p{Cc}]/gu, '_');
}

/** nova's mapping of an instance whose disks nobody told of. */
function blockDevices(): Folder {
  return folder({
    ami: textLeaf('sda1'),
    ephemeral0: textLeaf('sda2'),
    root: textLeaf('/dev/sda1'),
    swap: textLeaf('sda3'),
  });
}
