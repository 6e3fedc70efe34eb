import { randomUUID } from 'node:crypto';
import type { NetworkInfo } from '@novanet/contracts';
import { waitFor } from '@novanet/testbed';
import type { ComputeService } from './compute-service.js';
import type { DataplaneHost, Served } from './dataplane-host.js';

export interface DataplaneChurnOptions {
  readonly project: string;
  readonly instanceHost: string;
  readonly network: string;
  /** Those of each row of instances. */
  readonly floatingIps: readonly (readonly string[])[];
  readonly random: () => number;
}

interface Running {
  readonly uuid: string;
  readonly mac: string;
  readonly address: string;
  readonly tap: string;
}

/** One instance at a time, with what it was told that it has. */
interface Row {
  running: Running | undefined;
  readonly free: string[];
  readonly carried: string[];
}

/** Instances that come, are plugged in, get floating IPs, lose them and go, several at a time. */
export class DataplaneChurn {
  private readonly rows: readonly Row[];
  private readonly standing = new Set<Row>();
  private state: 'runs' | 'pauses' | 'ends' = 'pauses';
  private readonly done: Promise<unknown>;
  private failure: unknown;

  constructor(
    private readonly compute: ComputeService,
    private readonly host: DataplaneHost,
    private readonly options: DataplaneChurnOptions,
  ) {
    this.rows = options.floatingIps.map((own) => ({ running: undefined, free: [...own], carried: [] }));
    this.done = Promise.all(this.rows.map((row) => this.go(row))).catch((error: unknown) => {
      this.failure = error;
    });
  }

  run(): void {
    this.state = 'runs';
  }

  /** Returns when every request that was made is answered. Throws what went wrong. */
  async pause(): Promise<void> {
    this.state = 'pauses';
    const areStanding = () => this.failure !== undefined || this.standing.size === this.rows.length;
    await waitFor(areStanding, { limitMs: 60_000, what: 'all requests are answered' });
    if (this.failure !== undefined) throw this.failure;
  }

  async end(): Promise<void> {
    this.state = 'ends';
    await this.done;
  }

  /** What was given and not taken back. */
  get given(): Served {
    const running = this.rows.flatMap((row) => (row.running ? [{ ...row, running: row.running }] : []));
    return {
      floatingIps: running
        .flatMap(({ carried, running: { address } }) => carried.map((floating) => `${floating} ${address}`))
        .toSorted(),
      hosts: running.map(({ running: { mac, address } }) => `${mac} ${address}`).toSorted(),
    };
  }

  get taps(): string[] {
    return this.rows.flatMap(({ running }) => running?.tap ?? []).toSorted();
  }

  private async go(row: Row): Promise<void> {
    while (this.state !== 'ends') {
      this.standing.add(row);
      await waitFor(() => this.state !== 'pauses', { limitMs: 600_000, everyMs: 5, what: 'it goes on' });
      this.standing.delete(row);
      if (this.state === 'runs') await this.step(row);
    }
  }

  private async step(row: Row): Promise<void> {
    const { random } = this.options;
    if (!row.running) return this.boot(row);
    const wish = random();
    const floating = (wish < 0.45 ? row.free : row.carried)[0];
    if (wish < 0.45 && floating !== undefined) {
      await this.compute.associate(floating, row.running.address);
      row.carried.push(...row.free.splice(0, 1));
    } else if (wish < 0.75 && floating !== undefined) {
      await this.compute.disassociate(floating);
      row.free.push(...row.carried.splice(0, 1));
    } else if (wish >= 0.75) await this.shutDown(row, row.running);
  }

  private async boot(row: Row): Promise<void> {
    const { project, instanceHost: host, network } = this.options;
    const uuid = randomUUID();
    const info = await this.compute.allocate({ uuid, project, host, networks: [network] });
    const running = { uuid, ...nicOf(info) };
    row.running = running;
    await this.host.plug(running.tap);
  }

  /** Its floating IPs go with it. */
  private async shutDown(row: Row, { uuid, tap }: Running): Promise<void> {
    const { project, instanceHost: host, network } = this.options;
    await this.host.unplug(tap);
    await this.compute.deallocate({ uuid, project, host, networks: [network] });
    row.running = undefined;
    row.free.push(...row.carried.splice(0));
  }
}

function nicOf([vif]: NetworkInfo): Omit<Running, 'uuid'> {
  if (!vif) throw new Error('an instance got no NIC');
  const address = vif.network.subnets[0].ips[0]?.address ?? '';
  return { mac: vif.address, address, tap: `tap${vif.id.slice(0, 11)}` };
}
