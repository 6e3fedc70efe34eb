import { Controller } from '@nestjs/common';
import { DrainHostArguments, RemoveHostArguments } from '@novanet/contracts';
import { AdminRequired } from '@novanet/ipam';
import type { RpcContext } from '@novanet/messaging';
import { DrainHost, RemoveHost, type HostRemoval } from '@novanet/network-managers';
import { hostNamed } from './host-named.js';
import { Rpc } from './rpc.decorator.js';

/** The methods that take a host out of service. */
@Controller()
export class EmptiedHostsRpc {
  constructor(
    private readonly removal: RemoveHost,
    private readonly draining: DrainHost,
  ) {}

  @Rpc('remove_host', {
    namespace: 'novanet',
    since: '1.0',
    about: 'Gives back what a host that will not come back had, and moves its networks and floating IPs.',
    takes: RemoveHostArguments,
    answers:
      'what was given back, moved and left: addresses, networks, floating IPs, instances; problems of the heir',
    raises: ['AdminRequired', 'InvalidInput', 'NetworkHostUnavailable'],
  })
  async removeHost(args: RemoveHostArguments, context: RpcContext) {
    if (!context.isAdmin) throw new AdminRequired();
    return removalDict(
      await this.removal.run(hostNamed(args.host), args.heir ? hostNamed(args.heir) : undefined),
    );
  }

  @Rpc('drain_host', {
    namespace: 'novanet',
    since: '1.0',
    about:
      'Empties a host that is alive: disables its services, moves its networks and their floating IPs, names the instances that it still serves.',
    takes: DrainHostArguments,
    answers: 'as remove_host; problems: the networks that could not be moved, and why',
    raises: ['AdminRequired', 'InvalidInput', 'NetworkHostUnavailable'],
  })
  async drainHost(args: DrainHostArguments, context: RpcContext) {
    if (!context.isAdmin) throw new AdminRequired();
    return removalDict(
      await this.draining.run(hostNamed(args.host), args.heir ? hostNamed(args.heir) : undefined),
    );
  }
}

function removalDict(removed: HostRemoval) {
  return {
    host: removed.host,
    addresses: removed.addresses,
    networks: removed.networks,
    floating_ips_moved: removed.floatingIpsMoved,
    floating_ips_left: removed.floatingIpsLeft,
    instances: removed.instances,
    problems: removed.problems,
  };
}
