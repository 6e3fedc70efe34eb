import { type BridgeMark, parseMark } from './bridge-mark.js';
import type { Link, Links } from './link.js';
import type { LinkGroup } from './link-group.js';

/** What a kernel event says of a device. */
export interface LinkNews {
  readonly name: string;
  readonly index: number;
  readonly isGone: boolean;
  readonly master: string | undefined;
  readonly portFlags: readonly string[];
}

interface Port {
  readonly index: number;
  readonly flags: readonly string[];
  /** When it was last seen in the bridge. */
  readonly seenAt: number;
  /** When it was taken out. */
  readonly leftAt: number | undefined;
}

interface KnownBridge {
  /** Undefined while it was only heard of. */
  index: number | undefined;
  /** What we know of it if it is ours; undefined while it was only heard of, too. */
  mark: BridgeMark | undefined;
  readonly ports: Map<string, Port>;
}

/** A look takes a moment, in which events may tell newer things than it does. */
const LOOK_MS = 2000;

/** The ports of a bridge that is deleted leave it at the same moment. */
const TOGETHER_MS = 1000;

/** What can stand in a line of `ip -batch` as it is. */
const PLAIN = /^[\w.-]+$/;

/**
 * Which devices are in which bridge. No plan knows the instances' devices, and a bridge that is deleted lets them go: who
 * makes it again has to put them back. Known only as long as this process lives.
 */
export class LinkMemory {
  private readonly indexes = new Map<string, number>();
  private readonly bridges = new Map<string, KnownBridge>();
  /** Ports whose bridge was deleted. */
  private readonly orphans = new Map<string, Port & { readonly bridge: string }>();

  /** Whether nobody has looked yet. */
  get isEmpty(): boolean {
    return this.indexes.size === 0;
  }

  /** A look at all devices. */
  learn(links: Links, now = performance.now()): void {
    this.indexes.clear();
    for (const { name, index } of links.values()) this.indexes.set(name, index);
    for (const [name, known] of this.bridges) {
      const bridge = links.get(name);
      const isSame = bridge && (known.index === undefined || known.index === bridge.index);
      if (!isSame) this.lose(name, now);
    }
    for (const link of links.values()) if (link.kind === 'bridge') this.learnPorts(link, links, now);
    for (const [name, { index }] of this.orphans) {
      const link = links.get(name);
      if (link?.index !== index || link.master !== undefined) this.orphans.delete(name);
    }
  }

  /**
   * @returns whether this device was not there at the last look; and the bridge that we made and that it was the last
   *   instance's device in, if it is not any more
   */
  hear(news: LinkNews, now = performance.now()): { readonly isNew: boolean; readonly left?: string } {
    const { name, index, isGone, master } = news;
    const isNew = !isGone && this.indexes.get(name) !== index;
    const before = this.bridgeOf(name);
    this.note(news, now);
    const isLeft = before !== undefined && before !== master && this.isAbandoned(before);
    return isLeft ? { isNew, left: before } : { isNew };
  }

  /** The ports that come back to bridges which are there again, or will be in a moment. */
  returning(links: Links, planned: readonly { readonly name: string }[]): LinkGroup[] {
    const bridges = new Set(planned.map(({ name }) => name));
    return [...this.orphans].flatMap(([name, { index, bridge, flags }]) => {
      const link = links.get(name);
      const isFree = link?.index === index && link.master === undefined;
      if (!isFree || !bridges.has(bridge) || !PLAIN.test(name)) return [];
      const steps = [`link set dev ${name} master ${bridge}`];
      const words = flags.map((flag) => ` ${flag} on`).join('');
      if (words !== '') steps.push(`link set dev ${name} type bridge_slave${words}`);
      return [{ subject: name, steps, undo: [] }];
    });
  }

  private note(news: LinkNews, now: number): void {
    const { name, isGone, master } = news;
    if (isGone) this.forget(name, now);
    else if (master !== undefined) this.join(news, master, now);
    else this.leave(name, now);
  }

  private bridgeOf(port: string): string | undefined {
    const isIn = ({ mark, ports }: KnownBridge) =>
      mark?.member !== port && ports.has(port) && ports.get(port)?.leftAt === undefined;
    return [...this.bridges].find(([, known]) => isIn(known))?.[0];
  }

  private isAbandoned(bridge: string): boolean {
    const { mark, ports } = this.known(bridge);
    if (mark?.origin !== 'created') return false;
    return [...ports].every(([name, { leftAt }]) => name === mark.member || leftAt !== undefined);
  }

  private learnPorts(bridge: Link, links: Links, now: number): void {
    const known = this.known(bridge.name);
    known.index = bridge.index;
    known.mark = parseMark(bridge.alias);
    // The plan knows this one.
    const member = known.mark?.member;
    const isPort = ({ name, master }: Link) => master === bridge.name && name !== member;
    for (const [name, port] of known.ports) {
      if (name === member || port.seenAt < now - LOOK_MS) known.ports.delete(name);
    }
    for (const link of [...links.values()].filter(isPort)) {
      const { index, portFlags: flags = [] } = link;
      known.ports.set(link.name, { index, flags, seenAt: now, leftAt: undefined });
    }
  }

  private join({ name, index, portFlags: flags }: LinkNews, master: string, now: number): void {
    this.orphans.delete(name);
    for (const { ports } of this.bridges.values()) ports.delete(name);
    this.known(master).ports.set(name, { index, flags, seenAt: now, leftAt: undefined });
  }

  private leave(name: string, now: number): void {
    for (const { ports } of this.bridges.values()) {
      const port = ports.get(name);
      if (port && port.leftAt === undefined) ports.set(name, { ...port, leftAt: now });
    }
  }

  private forget(name: string, now: number): void {
    this.indexes.delete(name);
    this.orphans.delete(name);
    for (const { ports } of this.bridges.values()) ports.delete(name);
    if (this.bridges.has(name)) this.lose(name, now);
  }

  /** Who was taken out before the bridge went was meant to be out. */
  private lose(bridge: string, now: number): void {
    for (const [name, port] of this.known(bridge).ports) {
      if ((port.leftAt ?? now) >= now - TOGETHER_MS) this.orphans.set(name, { ...port, bridge });
    }
    this.bridges.delete(bridge);
  }

  private known(name: string): KnownBridge {
    const known = this.bridges.get(name) ?? { index: undefined, mark: undefined, ports: new Map() };
    this.bridges.set(name, known);
    return known;
  }
}
