import { ForbiddenException, NotFoundException } from '@nestjs/common';
import type { Network } from '@novanet/ipam';
import { isVisible, type ManagerTraits } from '@novanet/network-managers';
import type { Requester } from '../auth/requester.js';
import type { CloudDatabase } from '../database/cloud-database.js';

/** The networks, as far as who asks may see them. */
export class VisibleNetworks {
  constructor(
    private readonly database: CloudDatabase,
    private readonly traits: ManagerTraits,
  ) {}

  async list(by: Requester): Promise<Network[]> {
    const networks = await this.database.networks.list();
    return networks.filter((network) => this.isSeenBy(by, network));
  }

  /** Throws NotFoundException. */
  async get(by: Requester, uuid: string): Promise<Network> {
    const network = await this.database.networks.findByUuid(uuid);
    if (!network || !this.isSeenBy(by, network)) throw new NotFoundException('Network not found');
    return network;
  }

  /** One that he may change: his project's, if he is no administrator. Throws NotFoundException, ForbiddenException. */
  async getOwn(by: Requester, uuid: string): Promise<Network> {
    const network = await this.get(by, uuid);
    if (by.isAdmin || (network.projectId !== null && network.projectId === by.projectId)) return network;
    throw new ForbiddenException('User does not have admin privileges');
  }

  /** Just made, in this order. Throws NotFoundException. */
  async getMade(uuids: readonly string[]): Promise<[Network, ...Network[]]> {
    const [first, ...more] = await this.database.networks.findByUuids(uuids);
    if (!first) throw new NotFoundException('Network not found');
    return [first, ...more];
  }

  /** Who is of no project sees what is nobody's: to the workers he would be one of theirs. */
  private isSeenBy({ isAdmin, userId, projectId }: Requester, network: Network): boolean {
    const caller = { isAdmin, userId: userId ?? '', projectId: projectId ?? '' };
    return isVisible(network, caller, this.traits);
  }
}
