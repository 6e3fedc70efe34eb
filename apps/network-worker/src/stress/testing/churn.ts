import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { NetworkInfo } from '@novanet/contracts';
import { Mac } from '@novanet/net-address';
import type { ComputeInstance, ComputeService } from './compute-service.js';

export interface ChurnOptions {
  readonly cycles: number;
  /** Instances that live at the same time. */
  readonly atOnce: number;
  readonly random: () => number;
  readonly hosts: readonly string[];
  readonly projects: readonly string[];
  /** Uuid → who answers DHCP there for an instance of this host. */
  readonly networks: ReadonlyMap<string, (instanceHost: string) => string>;
}

/** An address that an instance was told it has. */
interface Given {
  readonly network: string;
  readonly address: string;
  readonly mac: string;
}

/** The longest that an event is on its way. */
const LATEST_MS = 6_000;

/** Instances that come, get leases and go, many at a time; their events arrive, late, twice, for others, or never. */
export class Churn {
  /** What two instances were told they had at the same time, and other wrong answers. */
  readonly wrong: string[] = [];
  private readonly holders = new Map<string, string>();
  private readonly late: Promise<void>[] = [];
  private begun = 0;
  private hasFailed = false;

  constructor(
    private readonly compute: ComputeService,
    private readonly options: ChurnOptions,
  ) {}

  /** Returns when all instances are gone, and all events are with the broker. After a failure nothing new is begun. */
  async run(): Promise<void> {
    const rows = await Promise.allSettled(Array.from({ length: this.options.atOnce }, () => this.oneByOne()));
    const events = await Promise.allSettled(this.late);
    const failed = [...rows, ...events].find((outcome) => outcome.status === 'rejected');
    if (failed) throw failed.reason;
  }

  private async oneByOne(): Promise<void> {
    while (this.begun < this.options.cycles && !this.hasFailed) {
      this.begun += 1;
      try {
        await this.cycle();
      } catch (error) {
        this.hasFailed = true;
        throw error;
      }
    }
  }

  private async cycle(): Promise<void> {
    const instance = this.newInstance();
    const given = addressesIn(await this.compute.allocate(instance));
    this.noteGiven(instance, given);
    for (const one of given) if (this.happens(0.6)) this.leased(instance, one);
    if (this.happens(0.1)) await this.allocateAgain(instance, given);
    this.noteTaken(given);
    await this.compute.deallocate(instance);
    if (this.happens(0.05)) await this.compute.deallocate(instance);
    for (const one of given) this.gone(instance, one);
  }

  private newInstance(): ComputeInstance {
    const { hosts, projects, networks } = this.options;
    const all = [...networks.keys()];
    const some = all.filter(() => this.happens(0.3));
    return {
      uuid: randomUUID(),
      project: this.oneOf(projects),
      host: this.oneOf(hosts),
      networks: some.length > 0 ? some : [this.oneOf(all)],
    };
  }

  private noteGiven({ uuid, networks }: ComputeInstance, given: readonly Given[]): void {
    const got = given.map(({ network }) => network);
    if (got.join() !== networks.join())
      this.wrong.push(`${uuid} asked for ${networks.join()} and got ${got.join()}`);
    for (const one of given) {
      const holder = this.holders.get(keyOf(one));
      if (holder !== undefined) this.wrong.push(`${keyOf(one)} was given to ${uuid} while ${holder} had it`);
      this.holders.set(keyOf(one), uuid);
    }
  }

  private noteTaken(given: readonly Given[]): void {
    for (const one of given) this.holders.delete(keyOf(one));
  }

  private async allocateAgain(instance: ComputeInstance, given: readonly Given[]): Promise<void> {
    const again = addressesIn(await this.compute.allocate(instance));
    const [before, after] = [given, again].map((list) => JSON.stringify(list));
    if (before !== after) this.wrong.push(`${instance.uuid} had ${before}, and then ${after}`);
  }

  /** Mostly at once, but it may be reported when the address is somebody else's by then. */
  private leased(instance: ComputeInstance, { network, address, mac }: Given): void {
    const expires_at = Math.floor(Date.now() / 1000) + 120;
    const event = this.happens(0.5) ? { address } : { address, mac, expires_at };
    this.report('lease', instance, network, event, this.happens(0.85) ? 0 : LATEST_MS);
    if (this.happens(0.1)) this.report('lease', instance, network, event, LATEST_MS);
    if (this.happens(0.05)) {
      this.report('lease', instance, network, { ...event, mac: foreignMac(this.options.random) }, LATEST_MS);
    }
  }

  /** One in five is never heard of: the address is freed by the clock. */
  private gone(instance: ComputeInstance, { network, address, mac }: Given): void {
    if (this.happens(0.2)) return;
    const event = this.happens(0.5) ? { address } : { address, mac };
    this.report('release', instance, network, event, this.happens(0.7) ? 0 : LATEST_MS);
    if (this.happens(0.1)) this.report('release', instance, network, event, LATEST_MS);
    if (this.happens(0.05)) {
      this.report('release', instance, network, { address, mac: foreignMac(this.options.random) }, LATEST_MS);
    }
  }

  private report(
    kind: 'lease' | 'release',
    { host }: ComputeInstance,
    network: string,
    event: Record<string, unknown>,
    latestMs: number,
  ): void {
    const server = this.options.networks.get(network)?.(host) ?? host;
    const arrives = async () => {
      if (latestMs > 0) await delay(this.options.random() * latestMs);
      await this.compute.leaseEvent(kind, server, event);
    };
    const arrival = arrives();
    // it is heard of when all have arrived
    arrival.catch(() => undefined);
    this.late.push(arrival);
  }

  private happens(probability: number): boolean {
    return this.options.random() < probability;
  }

  private oneOf<T>(all: readonly T[]): T {
    const chosen = all[Math.floor(this.options.random() * all.length)];
    if (chosen === undefined) throw new Error('nothing to choose from');
    return chosen;
  }
}

function addressesIn(info: NetworkInfo): Given[] {
  return info.map((vif) => ({
    network: vif.network.id,
    address: vif.network.subnets[0].ips[0]?.address ?? '',
    mac: vif.address,
  }));
}

const keyOf = ({ network, address }: Given) => `${network} ${address}`;

function foreignMac(random: () => number): string {
  return Mac.ofNova(Math.floor(random() * 2 ** 32)).toString();
}
