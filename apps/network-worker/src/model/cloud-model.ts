import { randomUUID } from 'node:crypto';

/** The networks there can be, each in a place of its own (`10.0.<place>.0`, `fd00:<place>::`). */
export const networkKinds = {
  single: { addresses: 8, hasV6: false, isMultiHost: false, sharesAddress: false },
  tiny: { addresses: 4, hasV6: false, isMultiHost: false, sharesAddress: false },
  dual: { addresses: 16, hasV6: true, isMultiHost: false, sharesAddress: false },
  v6: { addresses: 0, hasV6: true, isMultiHost: false, sharesAddress: false },
  multi: { addresses: 16, hasV6: false, isMultiHost: true, sharesAddress: false },
  tinyMulti: { addresses: 8, hasV6: false, isMultiHost: true, sharesAddress: false },
  sharing: { addresses: 8, hasV6: false, isMultiHost: true, sharesAddress: true },
  v6Multi: { addresses: 0, hasV6: true, isMultiHost: true, sharesAddress: false },
} as const;
export type NetworkKind = keyof typeof networkKinds;

export interface ModelNetwork {
  readonly place: number;
  readonly kind: NetworkKind;
  readonly id: number;
  readonly uuid: string;
  projectId: string | null;
  /** Who serves it, if it is one host. */
  host: string | null;
  isMultiHost: boolean;
}

export interface ModelInstance {
  projectId: string;
  host: string | null;
  /** Hosts that a migration may bring it to. */
  readonly expectedOn: Set<string>;
  /** Place of the network → MAC. */
  readonly nics: Map<number, string>;
}

/** An address that an instance has, or whose lease is still out. */
export interface ModelAddress {
  readonly place: number;
  readonly instance: number;
  isAllocated: boolean;
  lease: { readonly mac: string; readonly host: string } | null;
}

export interface ModelFloatingIp {
  projectId: string | null;
  fixedAddress: string | null;
  host: string | null;
  /** When it was given back, counted in releases; null: never used. */
  releasedAt: number | null;
}

export interface ModelHost {
  isUp: boolean;
  /** Its kernel takes nothing. */
  isBroken: boolean;
  /** It is in the table of services. */
  isKnown: boolean;
}

export const limits = { fixedIps: 6, floatingIps: 2 };

/** What the service promises, in maps: who has what, who serves what. Changed by the steps. */
export class CloudModel {
  readonly hosts: Map<string, ModelHost>;
  readonly networks = new Map<number, ModelNetwork>();
  readonly instances = new Map<number, ModelInstance>();
  /** By age. */
  readonly addresses = new Map<string, ModelAddress>();
  /** "place host" → what the host has for itself there. */
  readonly hostAddresses = new Map<string, string>();
  /** By age; there is one pool. */
  readonly floatingIps = new Map<string, ModelFloatingIp>();
  releases = 0;
  /** The pool exists from its first growth on. */
  hasPool = false;
  /** An instance that holds nothing, and that a refused request may have made us forget. */
  mayBeForgotten: number | undefined;
  /** A compute service stopped half way: hosts hear of it when they next compare themselves with the database. */
  isUntold = false;
  private readonly uuids = new Map<string, string>();

  constructor(hosts: readonly string[]) {
    this.hosts = new Map(hosts.map((host) => [host, { isUp: true, isBroken: false, isKnown: true }]));
  }

  /** Of an instance, whether it is known or not. */
  instanceUuid(instance: number): string {
    return this.uuidOf(`i${instance}`);
  }

  /** Of the network in this place; where there is none, one that nobody has. */
  networkUuid(place: number): string {
    return this.networks.get(place)?.uuid ?? this.uuidOf(`n${place}`);
  }

  private uuidOf(name: string): string {
    const uuid = this.uuids.get(name) ?? randomUUID();
    this.uuids.set(name, uuid);
    return uuid;
  }

  /** The name of what has this uuid. */
  nameOf(uuid: string): string {
    const network = [...this.networks.values()].find((one) => one.uuid === uuid);
    const known = network ? `n${network.place}` : undefined;
    return known ?? [...this.uuids].find(([, own]) => own === uuid)?.[0] ?? `a stranger, ${uuid}`;
  }

  projectOf(instance: number): string {
    return `p${instance % 2}`;
  }

  /** Workers that answer. */
  get upHosts(): string[] {
    return [...this.hosts].filter(([, { isUp }]) => isUp).map(([host]) => host);
  }

  /** One of them. */
  worker(number: number): string {
    const up = this.upHosts;
    return up[number % up.length] ?? '';
  }

  /** The addresses that instances and hosts can have in this network: all but its own, the gateway's and the last. */
  pool(network: ModelNetwork): string[] {
    const length = Math.max(0, this.size(network) - 3);
    return Array.from({ length }, (_, index) => `10.0.${network.place}.${index + 2}`);
  }

  /** 0: it has no IPv4. */
  size({ kind }: ModelNetwork): number {
    return networkKinds[kind].addresses;
  }

  free(network: ModelNetwork): string[] {
    const own = new Set(this.hostAddresses.values());
    return this.pool(network).filter((address) => !this.addresses.has(address) && !own.has(address));
  }

  /** What the instance holds there, by age. */
  held(instance: number, place?: number): string[] {
    return [...this.addresses]
      .filter(([, own]) => own.isAllocated && own.instance === instance && (place ?? own.place) === own.place)
      .map(([address]) => address);
  }

  heldByProject(projectId: string): number {
    const isOurs = ({ isAllocated, instance }: ModelAddress) =>
      isAllocated && this.instances.get(instance)?.projectId === projectId;
    return [...this.addresses.values()].filter(isOurs).length;
  }

  isInUse({ place }: ModelNetwork): boolean {
    return [...this.instances.values()].some(({ nics }) => nics.has(place));
  }

  /** Hosts take an address of the pool for themselves. */
  hasHostAddresses({ isMultiHost, kind }: ModelNetwork): boolean {
    const { sharesAddress, addresses } = networkKinds[kind];
    return isMultiHost && !sharesAddress && addresses > 0;
  }

  /** Who carries the floating IPs of an instance's address in this network, and answers its DHCP requests. */
  server({ isMultiHost, host }: ModelNetwork, { host: instanceHost }: { readonly host: string | null }) {
    return isMultiHost ? instanceHost : host;
  }

  /** The hosts that have to do with the network. */
  servers(network: ModelNetwork): string[] {
    return [...this.hosts.keys()].filter((host) => this.serves(host, network));
  }

  serves(host: string, network: ModelNetwork): boolean {
    if (!network.isMultiHost) return network.host === host;
    const hasInstance = [...this.instances.values()].some(
      (instance) => instance.nics.has(network.place) && isOn(instance, host),
    );
    return hasInstance || this.hostAddresses.has(`${network.place} ${host}`);
  }

  /** Each NIC that the host has to answer, with its first address: nova offers no other by DHCP. */
  answers(host: string, network: ModelNetwork): string[] {
    const { place } = network;
    if (this.hasHostAddresses(network) && !this.hostAddresses.has(`${place} ${host}`)) return [];
    return [...this.instances].flatMap(([number, instance]) => {
      const [first] = this.held(number, place);
      const isOurs = !network.isMultiHost || isOn(instance, host);
      return first && isOurs ? [`${first} ${instance.nics.get(place)}`] : [];
    });
  }

  /** An instance has gone from the address: what stood for it stands for nothing, and a lease keeps it from the others. */
  release(address: string): void {
    const own = this.addresses.get(address);
    if (own?.lease) own.isAllocated = false;
    else this.addresses.delete(address);
    for (const floatingIp of this.floatingIps.values()) {
      if (floatingIp.fixedAddress === address) Object.assign(floatingIp, { fixedAddress: null, host: null });
    }
  }

  /** Floating IPs are carried by whoever serves their instance there. */
  followServer({ place }: ModelNetwork): void {
    for (const floatingIp of this.floatingIps.values()) {
      const own = this.addresses.get(floatingIp.fixedAddress ?? '');
      if (own?.place === place) floatingIp.host = this.carrier(floatingIp.fixedAddress ?? '');
    }
  }

  carrier(fixedAddress: string): string | null {
    const own = this.addresses.get(fixedAddress);
    const network = own && this.networks.get(own.place);
    const instance = own && this.instances.get(own.instance);
    return network && instance ? this.server(network, instance) : null;
  }
}

function isOn({ host, expectedOn }: ModelInstance, where: string): boolean {
  return host === where || expectedOn.has(where);
}
