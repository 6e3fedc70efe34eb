import type { RpcAllocateFixedIpArguments } from '@novanet/contracts';
import { NetworkNotFound, type FixedIpLedger, type NetworkCatalogue } from '@novanet/ipam';
import type { HostName } from '@novanet/net-address';
import type { Caller } from '../caller.js';
import type { AllocateForInstance } from './allocate-for-instance.js';
import { instanceUuid } from './instance-identity.js';

/** `_rpc_allocate_fixed_ip`: one network of an instance, asked of the host that serves it by a worker of nova. */
export class AllocateFixedIp {
  constructor(
    private readonly networks: NetworkCatalogue,
    private readonly fixedIps: FixedIpLedger,
    private readonly allocate: AllocateForInstance,
    private readonly self: HostName,
  ) {}

  /** The first address in that network, null without IPv4. Throws NetworkNotFound and what an allocation throws. */
  async run(args: RpcAllocateFixedIpArguments, caller: Caller): Promise<string | null> {
    const uuid = instanceUuid(args);
    const network = await this.networks.findById(args.network_id);
    if (!network) throw new NetworkNotFound(args.network_id);
    await this.allocate.run(
      {
        instance_id: uuid,
        host: network.isMultiHost ? this.self : null,
        vpn: args.vpn === true,
        requested_networks: [[network.uuid, args.address ?? null]],
      },
      caller,
    );
    const nics = await this.fixedIps.nicsOf(uuid);
    const nic = nics.find(({ vif }) => vif.networkId === network.id);
    return nic?.fixedIps[0]?.address.toString() ?? null;
  }
}
