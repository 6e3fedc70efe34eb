import { Injectable, NotFoundException } from '@nestjs/common';
import type { Instance } from '@novanet/ipam';
import type { Requester } from '../auth/requester.js';
import { CloudDatabase } from '../database/cloud-database.js';
import { NetworkWorkers } from '../workers/network-workers.js';
import { cloudpipeView, isVpnNetwork, type CloudpipeView, type VpnNetwork } from './cloudpipe-view.js';
import { isVpnUp } from './vpn-ping.js';

/** So many VPNs are asked at once whether they are there. */
const AT_ONCE = 64;

/** The VPNs of the projects: nova finds them by their image, here who holds the address that is kept for them is one. */
@Injectable()
export class Cloudpipes {
  constructor(
    private readonly database: CloudDatabase,
    private readonly workers: NetworkWorkers,
  ) {}

  /** Of each project its VPN instances; without any, where one would be reached. */
  async list(): Promise<CloudpipeView[]> {
    const networks = await this.vpnNetworks();
    const owners = await this.database.instances.owners(
      networks.map(({ vpnPrivateAddress }) => vpnPrivateAddress),
    );
    const known = networks.map((network, index) => ({ network, instanceUuid: owners[index] }));
    const shown = [...Map.groupBy(known, ({ network }) => network.projectId).values()].flatMap((own) => {
      const present = own.filter(({ instanceUuid }) => instanceUuid !== undefined);
      return present.length > 0 ? present : own.slice(0, 1);
    });
    const views: CloudpipeView[] = [];
    for (let done = 0; done < shown.length; done += AT_ONCE) {
      views.push(...(await Promise.all(shown.slice(done, done + AT_ONCE).map((one) => this.view(one)))));
    }
    return views;
  }

  /**
   * Where the VPNs of all networks of the project are reached. nova gave a project without network a free one by the way.
   * Throws NotFoundException.
   */
  async configure(by: Requester, projectId: string, place: { ip: string; port: number }): Promise<void> {
    const networks = (await this.vpnNetworks()).filter((network) => network.projectId === projectId);
    if (networks.length === 0) {
      throw new NotFoundException(`Project ${projectId} has no network with an address for a VPN.`);
    }
    for (const { uuid } of networks) {
      const changes = { vpn_public_address: place.ip, vpn_public_port: place.port };
      await this.workers.modifyNetwork(by, uuid, changes);
    }
  }

  private async vpnNetworks(): Promise<VpnNetwork[]> {
    return (await this.database.networks.list()).filter(isVpnNetwork);
  }

  private async view(vpn: { network: VpnNetwork; instanceUuid: string | undefined }): Promise<CloudpipeView> {
    const { network, instanceUuid } = vpn;
    const instance =
      instanceUuid === undefined ? undefined : await this.database.instances.find(instanceUuid);
    return cloudpipeView(network, instance, await this.isUp(network, instance));
  }

  private async isUp(network: VpnNetwork, instance: Instance | undefined): Promise<boolean | undefined> {
    const { vpnPublicAddress: address, vpnPublicPort: port } = network;
    if (!instance || !address || port === null) return undefined;
    return isVpnUp(address.toString(), port);
  }
}
