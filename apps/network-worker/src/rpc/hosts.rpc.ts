import { Controller } from '@nestjs/common';
import {
  NoArguments,
  SetupNetworkOnHostArguments,
  SetupNetworksOnHostArguments,
  UpdateDnsArguments,
} from '@novanet/contracts';
import { FixedIpLedger, NetworkCatalogue, NetworkNotFound } from '@novanet/ipam';
import { NetworkHosts, SetupNetworksOnHost } from '@novanet/network-managers';
import { Rpc } from './rpc.decorator.js';

/** The methods about the hosts that serve networks. */
@Controller()
export class HostsRpc {
  constructor(
    private readonly networks: NetworkCatalogue,
    private readonly fixedIps: FixedIpLedger,
    private readonly hosts: NetworkHosts,
    private readonly setupFlow: SetupNetworksOnHost,
  ) {}

  @Rpc('rpc_setup_network_on_host', {
    since: '1.0',
    about: 'Makes the kernel of the answering host what the database says of a network.',
    takes: SetupNetworkOnHostArguments,
    answers: null,
    raises: ['NetworkNotFound', 'HostSetupFailed'],
  })
  async setupNetworkOnHost(args: SetupNetworkOnHostArguments) {
    const network = await this.networks.findById(args.network_id);
    const { self } = this.hosts;
    if (args.teardown) await this.hosts.tearDown(self, args.network_id);
    else if (network) await this.hosts.setUp(self, network);
    else throw new NetworkNotFound(args.network_id);
    return null;
  }

  @Rpc('setup_networks_on_host', {
    since: '1.0',
    about:
      "Sets up an instance's networks on the host it is on or goes to, or tears them down on the one it left.",
    takes: SetupNetworksOnHostArguments,
    answers: null,
    raises: [
      'InstanceNotFound',
      'InvalidInput',
      'NoMoreFixedIps',
      'NetworkHostUnavailable',
      'HostSetupFailed',
    ],
  })
  async setupNetworksOnHost(args: SetupNetworksOnHostArguments) {
    await this.setupFlow.run(args);
    return null;
  }

  @Rpc('update_dns', {
    since: '1.3',
    about: 'Serves the names of instances anew, where this host serves one of the networks. To all workers.',
    takes: UpdateDnsArguments,
    answers: null,
    isCast: true,
  })
  async updateDns(args: UpdateDnsArguments) {
    const wanted = new Set(args.network_ids.map((id) => String(id).toLowerCase()));
    const served = await this.fixedIps.servedBy(this.hosts.self);
    const isOurs = served.some(({ network }) => wanted.has(String(network.id)) || wanted.has(network.uuid));
    if (isOurs) await this.hosts.refreshSelf('everything');
    return null;
  }

  @Rpc('refresh_names', {
    namespace: 'novanet',
    since: '1.0',
    about: 'Names changed: this host serves them anew. To all workers.',
    takes: NoArguments,
    answers: null,
    isCast: true,
  })
  async refreshNames() {
    await this.hosts.refreshSelf('names');
    return null;
  }

  @Rpc('refresh_filters', {
    namespace: 'novanet',
    since: '1.0',
    about:
      'Security groups, their members or rules changed: this host filters anew. To one worker, or to all.',
    takes: NoArguments,
    answers: null,
    isCast: true,
  })
  async refreshFilters() {
    await this.hosts.refreshSelf('filters');
    return null;
  }
}
