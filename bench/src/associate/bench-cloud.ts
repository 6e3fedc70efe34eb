import { randomUUID } from 'node:crypto';

import { callsFor } from '../allocate/instance-calls.js';
import type { Job } from '../callers/python-callers.js';
import type { BenchSession } from '../session/bench-session.js';
import { BenchError } from '../terminal/bench-error.js';
import { fixedRange, floatingRange, type PluggedNic } from './host-network.js';

/** What is done to make ready is done by many at once: they share the work on the host. */
const parallel = 64;

export const associationMethods = ['associate_floating_ip', 'disassociate_floating_ip'] as const;
export type AssociationMethod = (typeof associationMethods)[number];

/** Instances in one network, and a floating IP for each. */
export class BenchCloud {
  private readonly nics: PluggedNic[] = [];
  private readonly floatingIps: string[] = [];
  private associated = 0;

  private constructor(private readonly session: BenchSession) {}

  static async create(session: BenchSession): Promise<BenchCloud> {
    await session.call('create_networks', {
      label: 'bench',
      cidr: fixedRange.cidr,
      num_networks: 1,
      network_size: fixedRange.size,
    });
    await session.call('grow_floating_pool', { range: floatingRange }, { namespace: 'novanet' });
    return new BenchCloud(session);
  }

  get instances(): number {
    return this.nics.length;
  }

  get associations(): number {
    return this.associated;
  }

  /** The first instance, with the floating IP that leads to it when there are associations. */
  get first(): { readonly nic: PluggedNic; readonly floatingIp: string } {
    const [nic] = this.nics;
    const [floatingIp] = this.floatingIps;
    if (!nic || !floatingIp) throw new BenchError('there is no instance with a floating IP.');
    return { nic, floatingIp };
  }

  /** Allocates until there are so many. */
  async growTo(instances: number): Promise<void> {
    const [pattern] = callsFor('allocate_for_instance', [randomUUID()]).calls;
    const missing = Array.from({ length: Math.max(0, instances - this.nics.length) }, () => randomUUID());
    await eachOf(missing, async (uuid) => {
      const args = { ...pattern, instance_id: uuid };
      const networkInfo = await this.session.call('allocate_for_instance', args, { version: '1.13' });
      const floatingIp = await this.session.call('allocate_floating_ip', { project_id: 'bench', pool: null });
      this.nics.push(nicOf(networkInfo));
      this.floatingIps.push(String(floatingIp));
    });
  }

  /** Associates until so many are. */
  async associateTo(count: number): Promise<void> {
    await this.growTo(count);
    const missing = this.pairs(this.associated, count);
    await eachOf(missing, (pair) => this.session.call('associate_floating_ip', pair));
    this.associated = Math.max(count, this.associated);
  }

  /** Calls that associate so many more, or take away what those have associated. */
  nextCalls(method: AssociationMethod, count: number): Job {
    const pairs = this.pairs(this.associated, this.associated + count);
    const calls =
      method === 'associate_floating_ip'
        ? pairs
        : pairs.map(({ floating_address: address }) => ({ address }));
    return { topic: 'network', version: '1.0', method, calls };
  }

  private pairs(from: number, to: number) {
    return this.nics.slice(from, to).flatMap(({ address }, index) => {
      const floatingIp = this.floatingIps[from + index];
      return floatingIp ? [{ floating_address: floatingIp, fixed_address: address }] : [];
    });
  }
}

async function eachOf<Item>(items: readonly Item[], work: (item: Item) => Promise<unknown>): Promise<void> {
  const waiting = items.values();
  const worker = async () => {
    for (const item of waiting) await work(item);
  };
  await Promise.all(Array.from({ length: parallel }, worker));
}

interface VifInfo {
  readonly id: string;
  readonly address: string;
  readonly network: {
    readonly subnets: readonly [
      {
        readonly gateway: { readonly address: string };
        readonly ips: readonly [{ readonly address: string }];
      },
    ];
  };
}

function nicOf(networkInfo: unknown): PluggedNic {
  const vif: unknown = Array.isArray(networkInfo) ? networkInfo[0] : undefined;
  if (!isVifInfo(vif))
    throw new BenchError('allocate_for_instance answered something that is no network_info.');
  const [{ gateway, ips }] = vif.network.subnets;
  return { vifId: vif.id, mac: vif.address, address: ips[0].address, gateway: gateway.address };
}

function isVifInfo(value: unknown): value is VifInfo {
  return typeof value === 'object' && value !== null && 'id' in value && 'network' in value;
}
