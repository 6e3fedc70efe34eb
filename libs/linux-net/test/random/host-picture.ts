import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { HostPlan } from '@novanet/host-plan';
import { processesIn } from '@novanet/testbed';
import type { TestHost } from '../test-host.js';

/** Everything about a host that a plan is about, and that others may have made, as text to compare. */
export type HostPicture = Readonly<Record<string, readonly string[]>>;

/** What a host looks like, without what its history may rightly have left: each exception says why. */
export async function pictureOf(
  host: TestHost,
  { sysctls }: Pick<HostPlan, 'sysctls'>,
): Promise<HostPicture> {
  const processes = await commandLines(host);
  const [links, rules, sets, settings, files] = await Promise.all([
    linksOf(host),
    rulesOf(host),
    setsOf(host),
    settingsOf(host, sysctls),
    filesOf(host),
  ]);
  return { ...links, rules, sets, settings, processes, files };
}

type Fields = Readonly<Record<string, unknown>>;

function recordsOf(json: string): Fields[] {
  const value: Fields[] = JSON.parse(json || '[]');
  return value;
}

/** Only these fields, in this order; those that are not there say nothing. */
function textOf(record: Fields, names: readonly string[]): string {
  return names
    .filter((name) => record[name] !== undefined)
    .map(
      (name) => `${name}=${typeof record[name] === 'string' ? record[name] : JSON.stringify(record[name])}`,
    )
    .join(' ');
}

async function linksOf(host: TestHost): Promise<Record<string, string[]>> {
  const [links, routes4, routes6, rules] = await Promise.all(
    [['addr'], ['route', 'show', 'table', 'all'], ['-6', 'route', 'show', 'table', 'all'], ['rule']].map(
      (words) => host.run('ip', '-json', '-details', ...words),
    ),
  );
  const devices = recordsOf(links ?? '');
  return {
    devices: devices.map(deviceText).toSorted(),
    // In no order: what is planned is added behind what is there and never moved, because dnsmasq and the
    // rules name their addresses.
    addresses: devices.flatMap(addressTexts).toSorted(),
    routes: [...recordsOf(routes4 ?? ''), ...recordsOf(routes6 ?? '')].flatMap(routeText).toSorted(),
    policies: recordsOf(rules ?? '').map((rule) => JSON.stringify(rule)),
  };
}

function deviceText(device: Fields): string {
  const { info_kind: kind, info_slave_data: port } = fieldsAt(device, 'linkinfo');
  const flags = fieldsOf(port);
  const isUp = JSON.stringify(device['flags']).includes('"UP"');
  // A bridge without interface keeps the MAC that was made for the first of its networks: instances know it.
  const mac = kind === 'bridge' && String(device['address']).startsWith('02:') ? 'own' : device['address'];
  const words = textOf({ ...device, mac }, ['ifname', 'master', 'mtu', 'mac', 'ifalias']);
  return `${words} ${String(kind)} ${isUp ? 'up' : 'down'} ${textOf(flags, ['hairpin', 'isolated'])}`.trim();
}

function addressTexts(device: Fields): string[] {
  const list = device['addr_info'];
  if (!Array.isArray(list)) return [];
  const isBridge = fieldsAt(device, 'linkinfo')['info_kind'] === 'bridge';
  return list.map(fieldsOf).flatMap((address) => {
    // That of a bridge is made from the MAC which it has when it comes up, and stays: it is the instances' router.
    if (isBridge && address['scope'] === 'link') return [];
    // `secondary` follows from the order.
    const fields = ['local', 'address', 'prefixlen', 'broadcast', 'scope', 'noprefixroute', 'metric'];
    return [`${String(device['ifname'])} ${textOf(address, fields)}`];
  });
}

const ROUTE_FIELDS =
  'type dst gateway via dev table protocol scope prefsrc metric pref metrics nexthops'.split(' ');

/**
 * Without what the kernel makes for link-local addresses and multicast, some of it later than the rest, and for routers,
 * which a host stays that forwarded once.
 */
function routeText(route: Fields): string[] {
  const text = textOf(route, ROUTE_FIELDS);
  if (/^type=anycast|dst=(fe80:|multicast|ff00:)/.test(text)) return [];
  // Whether a device has a carrier depends on who is plugged in.
  return [text.replaceAll(/"flags":\[[^\]]*\]/g, '"flags":[]')];
}

function fieldsAt(record: Fields, name: string): Fields {
  return fieldsOf(record[name]);
}

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {};
}

/** The rules of all families; with counters where they are not ours. */
async function rulesOf(host: TestHost): Promise<string[]> {
  const texts = await Promise.all([
    host.run('iptables-save', '-c'),
    host.run('ip6tables-save', '-c'),
    host.run('ebtables-save'),
  ]);
  return texts.flatMap((text, family) =>
    tablesIn(text).map((line) => `${['ip', 'ip6', 'eb'][family]} ${line}`),
  );
}

/** A table or a built-in chain that is empty says nothing: the kernel keeps it once somebody has looked into it. */
function tablesIn(text: string): string[] {
  let table = '';
  const lines = text.split('\n').flatMap((line) => {
    if (line.startsWith('*')) table = line.slice(1);
    const isSilent = line === '' || /^[#*]|^COMMIT|^:[A-Z]+ ACCEPT/.test(line);
    return isSilent ? [] : [`${table} ${withoutOwnCounters(line)}`];
  });
  // The variants list tables in different orders; the rules of a chain stay in theirs.
  return [...Map.groupBy(lines, (line) => line.split(' ')[0])]
    .toSorted(([a = ''], [b = '']) => (a < b ? -1 : 1))
    .flatMap(([, inside]) => inInstanceOrder(inside));
}

/** Of a floating IP's rules: chain, and the address of its instance. */
const LOOSE =
  /-A nova-network-(PREROUTING|OUTPUT|POSTROUTING|float-snat) .*?(?:--to-destination ([\d.]+)$|-s ([\d.]+)\/32 )/;

/** In chains of floating IPs instances stand in the order in which they came: no packet is a matter of two of them. */
function inInstanceOrder(lines: readonly string[]): string[] {
  const keyOf = (line: string) => {
    const [, chain, target, source] = LOOSE.exec(line) ?? [];
    return chain === undefined ? undefined : `${chain} ${target ?? source}`;
  };
  const isRule = (line: string) => keyOf(line) !== undefined;
  const first = lines.findIndex(isRule);
  if (first === -1) return [...lines];
  const byChain = Map.groupBy(lines.filter(isRule), (line) => LOOSE.exec(line)?.[1] ?? '');
  const sorted = new Map(
    [...byChain].map(([chain, rules]) => [
      chain,
      rules.toSorted((a, b) => (keyOf(a) ?? '').localeCompare(keyOf(b) ?? '')),
    ]),
  );
  return lines.map((line) =>
    isRule(line) ? (sorted.get(LOOSE.exec(line)?.[1] ?? '')?.shift() ?? line) : line,
  );
}

function withoutOwnCounters(line: string): string {
  const isOwn = /^\[\d+:\d+\] -A (nova-network-\S+ |\S+ -j nova-)/.test(line);
  return isOwn || line.startsWith(':') ? line.replace(/^\[\d+:\d+\] | \[\d+:\d+\]$/, '') : line;
}

/** Without the sizes that the kernel chose as they grew, and its random numbers; members in no order. */
async function setsOf(host: TestHost): Promise<string[]> {
  const lines = (await host.run('ipset', 'save')).split('\n').filter((line) => line !== '');
  return lines.map((line) => line.replace(/ (hashsize|initval|bucketsize|maxelem) .*/, '')).toSorted();
}

/**
 * Those that the plan decides. What an earlier one set stays when it is planned no more, as forwarding does when a host
 * is drained: others may rely on it. Where any other value would be the operator's choice, ours of before counts as one.
 */
async function settingsOf(host: TestHost, sysctls: HostPlan['sysctls']): Promise<string[]> {
  const decided = sysctls.filter(({ replaces }) => replaces === undefined).map(({ key }) => key);
  if (decided.length === 0) return [];
  const text = await host.run('sysctl', '-e', ...decided);
  return text.split('\n').toSorted();
}

/** Who runs, by command line and what the lease script is told; process ids differ. */
async function commandLines(host: TestHost): Promise<string[]> {
  const processes = await processesIn(host.network.netns('host'));
  const texts = processes.map(async ({ pid }) => {
    const [words, environment] = await Promise.all(
      ['cmdline', 'environ'].map((file) => readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '')),
    );
    const told = (environment ?? '').split('\0').filter((pair) => /^(NETWORK_ID|NOVANET_)/.test(pair));
    return [...told.toSorted(), ...(words ?? '').split('\0')].join(' ').trim();
  });
  return inPlace(host, await Promise.all(texts))
    .filter((text) => text !== '')
    .toSorted();
}

/**
 * The files below networks_path. Not those that name processes, devices and directories of this host; nor the leases that
 * dnsmasq was told when it last started, which is no reason to start it again.
 */
async function filesOf(host: TestHost): Promise<string[]> {
  const networks = join(host.directory, 'networks');
  const entries = await readdir(networks, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries.filter(
    (entry) => entry.isFile() && !/\.(pid|hash|leases|identity)$/.test(entry.name),
  );
  const texts = files.map(async ({ parentPath, name }) => {
    const path = join(parentPath, name);
    return `${path}: ${meaningOf(name, await readFile(path, 'utf8'))}`;
  });
  // A host that left is told to dnsmasq until that starts anew, and what its file has behind # is for us.
  const isKept = (text: string) => !/: \S+,ignore/.test(text);
  return inPlace(host, (await Promise.all(texts)).filter(isKept)).toSorted();
}

function meaningOf(name: string, content: string): string {
  if (name === 'nova-floating-ips.json') return bindingsIn(content);
  return /^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/.test(name) ? content.replace(/ #.*/, '') : content;
}

/** The record keeps the order in which the addresses came. */
function bindingsIn(content: string): string {
  const { bindings }: { bindings: Fields[] } = JSON.parse(content);
  const fields = ['address', 'device', 'fixedAddress', 'origin', 'pending'];
  return bindings
    .map((binding) => textOf(binding, fields))
    .toSorted()
    .join('; ');
}

function inPlace(host: TestHost, texts: readonly string[]): string[] {
  return texts.map((text) => text.replaceAll(host.directory, ''));
}
