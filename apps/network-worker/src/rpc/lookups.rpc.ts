import { Controller } from '@nestjs/common';
import {
  IpFilterArguments,
  VifByMacArguments,
  VifsByInstanceArguments,
  virtualInterfaceDict,
  virtualInterfaceObject,
} from '@novanet/contracts';
import { FixedIpLedger, InstanceNotFound } from '@novanet/ipam';
import { Mac } from '@novanet/net-address';
import { FindByAddress, instanceUuid, type FoundInstance } from '@novanet/network-managers';
import { Rpc } from './rpc.decorator.js';

/** What clients of earlier releases ask about NICs. */
@Controller()
export class LookupsRpc {
  constructor(
    private readonly fixedIps: FixedIpLedger,
    private readonly byAddress: FindByAddress,
  ) {}

  @Rpc('get_vifs_by_instance', {
    since: '1.0',
    about: 'The NICs of an instance, which is named by its uuid: its number is the compute service’s own.',
    takes: VifsByInstanceArguments,
    answers: 'list of {id, address, network_id, instance_uuid, uuid, net_uuid}',
    raises: ['InstanceNotFound'],
  })
  async getVifsByInstance(args: VifsByInstanceArguments) {
    if (typeof args.instance_id === 'number') throw new InstanceNotFound(String(args.instance_id));
    const nics = await this.fixedIps.nicsOf(instanceUuid(args));
    return nics.map(({ vif, network }) => ({ ...virtualInterfaceDict(vif), net_uuid: network.uuid }));
  }

  @Rpc('get_vif_by_mac_address', {
    since: '1.0',
    about: 'The NIC with this MAC.',
    takes: VifByMacArguments,
    answers: 'VirtualInterface object, or null',
  })
  async getVifByMacAddress({ mac_address: text }: VifByMacArguments) {
    const mac = Mac.tryParse(text);
    const vif = mac && (await this.fixedIps.findVifByMac(mac));
    return vif ? virtualInterfaceObject(vif) : null;
  }

  @Rpc('get_instance_uuids_by_ip_filter', {
    since: '1.0',
    about: 'Instances by an address, or by the beginning of one.',
    takes: IpFilterArguments,
    answers: 'list of {instance_uuid, ip}',
    raises: ['InvalidInput'],
  })
  getInstanceUuidsByIpFilter({ filters }: IpFilterArguments): Promise<FoundInstance[]> {
    return this.byAddress.run(filters);
  }
}
