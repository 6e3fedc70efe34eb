import { Controller } from '@nestjs/common';
import {
  FixedAddressArguments,
  FloatingIpAddressArguments,
  floatingIpDict,
  FloatingIpIdArguments,
  floatingIpListObject,
  floatingIpObject,
  NoArguments,
} from '@novanet/contracts';
import {
  FixedIpInvalid,
  FloatingIpLedger,
  FloatingIpNotFound,
  FloatingIpPools,
  Forbidden,
  InvalidIpAddressError,
} from '@novanet/ipam';
import type { RpcContext } from '@novanet/messaging';
import { Ipv4 } from '@novanet/net-address';
import { isUser, isVisible } from '@novanet/network-managers';
import { Rpc } from './rpc.decorator.js';

/** What may be asked about floating IPs. */
@Controller()
export class FloatingIpLookupsRpc {
  constructor(
    private readonly floatingIps: FloatingIpLedger,
    private readonly pools: FloatingIpPools,
  ) {}

  @Rpc('get_floating_ip', {
    since: '1.0',
    about: 'A floating IP by its number; for a user one of its project.',
    takes: FloatingIpIdArguments,
    answers: 'the floating IP as a plain object',
    raises: ['FloatingIpNotFound'],
  })
  async byId({ id }: FloatingIpIdArguments, context: RpcContext) {
    const floatingIp = await this.floatingIps.findById(id);
    if (!floatingIp || (isUser(context) && floatingIp.projectId !== context.projectId)) {
      throw new FloatingIpNotFound(id);
    }
    return floatingIpDict(floatingIp);
  }

  @Rpc('get_floating_ip_by_address', {
    since: '1.0',
    about: 'A floating IP by its address; for a user one of its project, or a free one.',
    takes: FloatingIpAddressArguments,
    answers: 'FloatingIP object 1.10',
    raises: ['FloatingIpNotFoundForAddress', 'Forbidden', 'InvalidIpAddressError'],
  })
  async byAddress(args: FloatingIpAddressArguments, context: RpcContext) {
    const floatingIp = await this.floatingIps.get(addressOf(args));
    if (!isVisible(floatingIp, context)) throw new Forbidden();
    return floatingIpObject(floatingIp);
  }

  @Rpc('get_floating_ips_by_project', {
    since: '1.0',
    about: "What the caller's project holds, without what came with instances.",
    takes: NoArguments,
    answers: 'FloatingIPList object 1.11',
  })
  async byProject(_args: NoArguments, { projectId }: RpcContext) {
    return floatingIpListObject(projectId === null ? [] : await this.floatingIps.ofProject(projectId));
  }

  @Rpc('get_floating_ips_by_fixed_address', {
    since: '1.0',
    about: 'The floating IPs that stand for a fixed IP.',
    takes: FixedAddressArguments,
    answers: 'a list of addresses',
    raises: ['FixedIpInvalid'],
  })
  async byFixedAddress({ fixed_address: text }: FixedAddressArguments, context: RpcContext) {
    const address = Ipv4.tryParse(text);
    if (!address) throw new FixedIpInvalid(text);
    const floatingIps = await this.floatingIps.ofFixedAddress(address);
    return floatingIps
      .filter((floatingIp) => isVisible(floatingIp, context))
      .map((floatingIp) => floatingIp.address.toString());
  }

  @Rpc('get_instance_id_by_floating_address', {
    since: '1.0',
    about: 'The instance that a floating IP stands for.',
    takes: FloatingIpAddressArguments,
    answers: 'its uuid, or null',
    raises: ['Forbidden', 'InvalidIpAddressError'],
  })
  async instanceByAddress(args: FloatingIpAddressArguments, context: RpcContext): Promise<string | null> {
    const floatingIp = await this.floatingIps.find(addressOf(args));
    if (floatingIp && !isVisible(floatingIp, context)) throw new Forbidden();
    return floatingIp?.association?.instanceUuid ?? null;
  }

  @Rpc('get_floating_ip_pools', {
    since: '1.7',
    about: 'The pools that floating IPs are allocated from.',
    takes: NoArguments,
    answers: 'a list of objects with the name',
  })
  poolsByTheirNewName() {
    return this.poolNames();
  }

  @Rpc('get_floating_pools', {
    since: '1.0',
    about: 'The same as `get_floating_ip_pools`, for clients up to 1.6.',
    takes: NoArguments,
    answers: 'a list of objects with the name',
  })
  async poolNames() {
    const pools = await this.pools.list();
    return pools.map(({ name }) => ({ name }));
  }
}

function addressOf({ address: text }: FloatingIpAddressArguments): Ipv4 {
  const address = Ipv4.tryParse(text);
  if (!address) throw new InvalidIpAddressError(text);
  return address;
}
