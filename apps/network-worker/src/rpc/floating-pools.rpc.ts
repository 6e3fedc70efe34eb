import { Controller, Inject } from '@nestjs/common';
import {
  associatedFloatingIpDict,
  FloatingPoolArguments,
  GrowFloatingPoolArguments,
  ListFloatingIpsArguments,
  NoArguments,
  ShrinkFloatingPoolArguments,
} from '@novanet/contracts';
import {
  AdminRequired,
  FloatingIpLedger,
  FloatingIpPools,
  InvalidInput,
  parseFloatingRange,
} from '@novanet/ipam';
import type { RpcContext } from '@novanet/messaging';
import { parseDeviceName, tryParseHostName, type DeviceName } from '@novanet/net-address';
import { ReclaimFloatingIps } from '@novanet/network-managers';
import { Rpc } from './rpc.decorator.js';

/** Injection token of `default_floating_pool`. */
export const DEFAULT_FLOATING_POOL = Symbol('DEFAULT_FLOATING_POOL');

const namespace = 'novanet';

/** What an administrator does with pools: in nova the work of `nova-manage floating`. */
@Controller()
export class FloatingPoolsRpc {
  constructor(
    private readonly pools: FloatingIpPools,
    private readonly floatingIps: FloatingIpLedger,
    private readonly reclaimFlow: ReclaimFloatingIps,
    @Inject(DEFAULT_FLOATING_POOL) private readonly defaultPool: string,
  ) {}

  @Rpc('create_floating_pool', {
    namespace,
    since: '1.0',
    about: 'Makes an empty pool of floating IPs.',
    takes: FloatingPoolArguments,
    answers: null,
    raises: ['AdminRequired', 'FloatingIpPoolExists'],
  })
  async createPool({ name }: FloatingPoolArguments, context: RpcContext): Promise<null> {
    requireAdmin(context);
    await this.pools.create(name, context.uniqueId);
    return null;
  }

  @Rpc('delete_floating_pool', {
    namespace,
    since: '1.0',
    about: 'Deletes a pool that has no addresses any more.',
    takes: FloatingPoolArguments,
    answers: null,
    raises: ['AdminRequired', 'FloatingIpPoolNotFound', 'FloatingIpPoolInUse'],
  })
  async deletePool({ name }: FloatingPoolArguments, context: RpcContext): Promise<null> {
    requireAdmin(context);
    await this.pools.delete(name, context.uniqueId);
    return null;
  }

  @Rpc('list_floating_pools', {
    namespace,
    since: '1.0',
    about: 'The pools, and how many addresses each has.',
    takes: NoArguments,
    answers: 'a list of pools: name, total, free, allocated, associated',
    raises: ['AdminRequired'],
  })
  async listPools(_args: NoArguments, context: RpcContext) {
    requireAdmin(context);
    return this.pools.list();
  }

  @Rpc('grow_floating_pool', {
    namespace,
    since: '1.0',
    about:
      'Adds the addresses of a block, a range or a list to a pool, all or none; makes the pool if it is missing.',
    takes: GrowFloatingPoolArguments,
    answers: null,
    raises: ['AdminRequired', 'FloatingIpExists', 'InvalidInput'],
  })
  async growPool(args: GrowFloatingPoolArguments, context: RpcContext): Promise<null> {
    requireAdmin(context);
    const growth = {
      pool: args.pool ?? this.defaultPool,
      addresses: parseFloatingRange(args.range),
      interface: args.interface ? deviceNamed(args.interface) : null,
    };
    await this.pools.grow(growth, context.uniqueId);
    return null;
  }

  @Rpc('shrink_floating_pool', {
    namespace,
    since: '1.0',
    about:
      'Takes free addresses out of a pool, or of whichever they are in, all or none; with `force` also those that somebody holds.',
    takes: ShrinkFloatingPoolArguments,
    answers: null,
    raises: [
      'AdminRequired',
      'FloatingIpNotFoundForAddress',
      'FloatingIpAllocated',
      'FloatingIpAssociated',
      'InvalidInput',
    ],
  })
  async shrinkPool(args: ShrinkFloatingPoolArguments, context: RpcContext): Promise<null> {
    requireAdmin(context);
    const addresses = parseFloatingRange(args.range);
    const pool = args.pool ?? undefined;
    if (args.force === true) await this.reclaimFlow.run(addresses, context, pool);
    await this.pools.shrink(addresses, context.uniqueId, pool);
    return null;
  }

  @Rpc('list_floating_ips', {
    namespace,
    since: '1.0',
    about: 'The floating IPs of all projects, or those of a pool, a project, a host.',
    takes: ListFloatingIpsArguments,
    answers: 'a list of floating IPs as plain objects, with fixed_address and instance_uuid',
    raises: ['AdminRequired'],
  })
  async listFloatingIps(args: ListFloatingIpsArguments, context: RpcContext) {
    requireAdmin(context);
    const { pool, project_id: projectId, host: hostText } = args;
    const host = tryParseHostName(hostText);
    if (hostText && !host) return [];
    const floatingIps = await this.floatingIps.list({
      ...(pool && { pool }),
      ...(projectId && { projectId }),
      ...(host && { host }),
    });
    return floatingIps.map(associatedFloatingIpDict);
  }
}

function requireAdmin({ isAdmin }: RpcContext): void {
  if (!isAdmin) throw new AdminRequired();
}

function deviceNamed(text: string): DeviceName {
  try {
    return parseDeviceName(text);
  } catch (error) {
    throw new InvalidInput(`interface: ${error instanceof Error ? error.message : String(error)}`);
  }
}
