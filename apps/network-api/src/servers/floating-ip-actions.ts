import { BadRequestException, ConflictException, Injectable, NotFoundException } from '@nestjs/common';
import type { Instance } from '@novanet/ipam';
import { Ipv4, tryParseIp, type IpAddress } from '@novanet/net-address';
import type { Requester } from '../auth/requester.js';
import { CloudDatabase } from '../database/cloud-database.js';
import { readBody } from '../http/read-body.js';
import { NetworkWorkers } from '../workers/network-workers.js';
import { inNovasWords, type Refusal } from './remote-refusal.js';
import { AddFloatingIpDto, ServerAddressDto } from './server-action.dto.js';
import type { ActionRequest } from './server-action.js';
import { visibleInstance } from './visible-instance.js';

/** `addFloatingIp` and `removeFloatingIp`. */
@Injectable()
export class FloatingIpActions {
  constructor(
    private readonly database: CloudDatabase,
    private readonly workers: NetworkWorkers,
  ) {}

  async add({ by, serverId, args }: ActionRequest): Promise<void> {
    const { address, fixed_address: wanted } = readBody(AddFloatingIpDto, args);
    const instance = await visibleInstance(this.database, by, serverId);
    const fixedAddress = await this.fixedAddressOf(instance, address, wanted ?? undefined);
    await this.refuseAutoAssigned(by, address);
    const association = { floating_address: address, fixed_address: fixedAddress.toString() };
    await inNovasWords(
      () => this.workers.call(by, 'associate_floating_ip', { ...association, affect_auto_assigned: false }),
      ({ className, message }) => {
        if (className === 'Forbidden') return undefined;
        const pair = `floating IP ${address} to fixed IP ${fixedAddress.toString()} for instance ${instance.uuid}`;
        return (
          knownRefusal(className) ?? new BadRequestException(`Unable to associate ${pair}. Error: ${message}`)
        );
      },
    );
  }

  async remove({ by, serverId, args }: ActionRequest): Promise<void> {
    const { address } = readBody(ServerAddressDto, args);
    const instance = await visibleInstance(this.database, by, serverId);
    // whether there is one, and the requester may know of it
    await inNovasWords(
      () => this.workers.call(by, 'get_floating_ip_by_address', { address }),
      refusedRemoval,
    );
    const floatingIp = await this.find(address);
    if (floatingIp?.association?.instanceUuid !== instance.uuid) {
      throw new ConflictException(`Floating IP ${address} is not associated with instance ${instance.uuid}.`);
    }
    const method = 'disassociate_floating_ip';
    const wish = { address, affect_auto_assigned: false };
    await inNovasWords(() => this.workers.call(by, method, wish), refusedRemoval);
  }

  private async fixedAddressOf(
    { uuid }: Instance,
    floatingAddress: string,
    wanted: string | undefined,
  ): Promise<IpAddress> {
    const nics = await this.database.fixedIps.nicsOf(uuid);
    if (nics.length === 0) throw new BadRequestException('No nw_info cache associated with instance');
    const held = nics.flatMap(({ fixedIps }) => fixedIps.map(({ address }) => address));
    if (held.length === 0) throw new BadRequestException('No fixed IPs associated to instance');
    if (wanted !== undefined) {
      const address = tryParseIp(wanted);
      const found = address && held.find((own) => own.equals(address));
      if (!found) throw new BadRequestException('Specified fixed address not assigned to instance');
      return found;
    }
    const first = held.find(({ version }) => version === 4);
    if (first) return first;
    throw new BadRequestException(
      `Unable to associate floating IP ${floatingAddress} to any fixed IPs for instance ${uuid}. Instance has no fixed IPv4 addresses to associate.`,
    );
  }

  /** The worker, like nova, would leave it as it is without a word. */
  private async refuseAutoAssigned(by: Requester, address: string): Promise<void> {
    const floatingIp = await this.find(address);
    const isVisible = by.isAdmin || floatingIp?.projectId === by.projectId;
    if (!floatingIp?.isAutoAssigned || !isVisible) return;
    throw new ConflictException(`Floating IP ${address} was assigned to its instance automatically.`);
  }

  private async find(text: string) {
    const address = Ipv4.tryParse(text);
    return address && this.database.floatingIps.find(address);
  }
}

function refusedRemoval({ className }: Refusal): Error | undefined {
  return className === 'FloatingIpNotAssociated'
    ? new BadRequestException('Floating IP is not associated')
    : notFound(className);
}

function knownRefusal(className: string): Error | undefined {
  if (className === 'FloatingIpAssociated')
    return new BadRequestException('floating IP is already associated');
  if (className === 'NoFloatingIpInterface') {
    return new BadRequestException('l3driver call to add floating IP failed');
  }
  return notFound(className);
}

/** A text that is an IPv6 address names no floating IP either. */
function notFound(className: string): Error | undefined {
  const isUnknown = className === 'FloatingIpNotFoundForAddress' || className === 'InvalidIpAddressError';
  return isUnknown ? new NotFoundException('floating IP not found') : undefined;
}
