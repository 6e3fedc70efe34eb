import { BadRequestException, ForbiddenException, Injectable, NotFoundException } from '@nestjs/common';
import { CloudDatabase } from '../database/cloud-database.js';
import { readBody } from '../http/read-body.js';
import { NetworkWorkers } from '../workers/network-workers.js';
import { inNovasWords, type Refusal } from './remote-refusal.js';
import { AddFixedIpDto, ServerAddressDto } from './server-action.dto.js';
import type { ActionRequest } from './server-action.js';
import { visibleInstance } from './visible-instance.js';

/**
 * `addFixedIp` and `removeFixedIp`, done when they are answered: in nova the compute service does them later, and whoever
 * asked does not hear of it.
 */
@Injectable()
export class FixedIpActions {
  constructor(
    private readonly database: CloudDatabase,
    private readonly workers: NetworkWorkers,
  ) {}

  async add({ by, serverId, args }: ActionRequest): Promise<void> {
    const { networkId } = readBody(AddFixedIpDto, args);
    const { uuid, host } = await visibleInstance(this.database, by, serverId);
    const wish = { instance_id: uuid, host, network_id: networkId };
    await inNovasWords(
      () => this.workers.call(by, 'add_fixed_ip_to_instance', wish),
      (refusal) => refusedAddition(refusal, networkId),
    );
  }

  async remove({ by, serverId, args }: ActionRequest): Promise<void> {
    const { address } = readBody(ServerAddressDto, args);
    const { uuid, host } = await visibleInstance(this.database, by, serverId);
    await inNovasWords(
      () => this.workers.call(by, 'remove_fixed_ip_from_instance', { instance_id: uuid, host, address }),
      ({ className }) =>
        NOT_HELD.has(className)
          ? new BadRequestException(`Instance ${uuid} doesn't have fixed IP '${address}'.`)
          : undefined,
    );
  }
}

const NOT_HELD: ReadonlySet<string> = new Set([
  'FixedIpNotFoundForInstance',
  'FixedIpNotFoundForSpecificInstance',
]);

function refusedAddition({ className, message }: Refusal, networkId: string | number): Error | undefined {
  if (className === 'NoMoreFixedIps') return new BadRequestException(message);
  if (className === 'FixedIpLimitExceeded') return new ForbiddenException(message);
  // the networks of others are none
  if (className === 'Forbidden') return new NotFoundException(`Network ${networkId} could not be found.`);
  return undefined;
}
