import { Controller } from '@nestjs/common';
import {
  ForceServiceDownArguments,
  ProjectQuotasArguments,
  PutQuotasArguments,
  ServiceArguments,
  SetServiceStatusArguments,
} from '@novanet/contracts';
import { AdminRequired, ProjectQuotas, QUOTA_RESOURCES, ServiceDirectory } from '@novanet/ipam';
import type { RpcContext } from '@novanet/messaging';
import { hostNamed } from './host-named.js';
import { Rpc } from './rpc.decorator.js';

const namespace = 'novanet';

/** What an administrator says of services, and of what projects may have: nova-api writes it without asking anybody. */
@Controller()
export class CloudRecordsRpc {
  constructor(
    private readonly services: ServiceDirectory,
    private readonly quotas: ProjectQuotas,
  ) {}

  @Rpc('force_service_down', {
    namespace,
    since: '1.0',
    about: 'Lets a service count as down whatever it reports, or no longer.',
    takes: ForceServiceDownArguments,
    answers: null,
    raises: ['AdminRequired', 'HostBinaryNotFound', 'InvalidInput'],
  })
  async forceDown(args: ForceServiceDownArguments, context: RpcContext): Promise<null> {
    requireAdmin(context);
    await this.services.forceDown({ host: hostNamed(args.host), binary: args.binary }, args.forced_down);
    return null;
  }

  @Rpc('set_service_status', {
    namespace,
    since: '1.0',
    about:
      'Disables a service, with a reason or none, or enables it. A disabled one keeps what it serves, and is given no network.',
    takes: SetServiceStatusArguments,
    answers: null,
    raises: ['AdminRequired', 'HostBinaryNotFound', 'InvalidInput'],
  })
  async setStatus(args: SetServiceStatusArguments, context: RpcContext): Promise<null> {
    requireAdmin(context);
    await this.services.setStatus(
      { host: hostNamed(args.host), binary: args.binary },
      { isDisabled: args.disabled, disabledReason: args.disabled ? (args.reason ?? null) : null },
    );
    return null;
  }

  @Rpc('remove_service', {
    namespace,
    since: '1.0',
    about: 'Forgets a service until it reports again; `remove_host` gives back what its host had as well.',
    takes: ServiceArguments,
    answers: null,
    raises: ['AdminRequired', 'HostBinaryNotFound', 'InvalidInput'],
  })
  async removeService(args: ServiceArguments, context: RpcContext): Promise<null> {
    requireAdmin(context);
    await this.services.remove({ host: hostNamed(args.host), binary: args.binary });
    return null;
  }

  @Rpc('put_quotas', {
    namespace,
    since: '1.0',
    about:
      'Gives a project limits of its own: floating_ips, fixed_ips, security_groups, security_group_rules; -1 for any number. What is left out stays.',
    takes: PutQuotasArguments,
    answers: null,
    raises: ['AdminRequired', 'InvalidInput'],
  })
  async putQuotas(args: PutQuotasArguments, context: RpcContext): Promise<null> {
    requireAdmin(context);
    const limits = QUOTA_RESOURCES.flatMap((resource) => {
      const limit = args.limits[resource] ?? undefined;
      return limit === undefined ? [] : [[resource, limit] as const];
    });
    await this.quotas.put(args.project_id, new Map(limits), { isForced: args.force === true });
    return null;
  }

  @Rpc('clear_quotas', {
    namespace,
    since: '1.0',
    about: 'Takes from a project the limits of its own.',
    takes: ProjectQuotasArguments,
    answers: null,
    raises: ['AdminRequired'],
  })
  async clearQuotas(args: ProjectQuotasArguments, context: RpcContext): Promise<null> {
    requireAdmin(context);
    await this.quotas.clear(args.project_id);
    return null;
  }
}

function requireAdmin({ isAdmin }: RpcContext): void {
  if (!isAdmin) throw new AdminRequired();
}
