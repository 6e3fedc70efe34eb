import { LabError } from '../plan/lab-error.js';
import type { MessageBus } from './message-bus.js';

/** What nova-api and nova-manage do with floating IPs, over AMQP. Every method throws LabError. */
export class FloatingIps {
  constructor(private readonly bus: MessageBus) {}

  /** Adds addresses to the default pool. */
  async growPool(range: string): Promise<void> {
    await this.bus.call({ version: '1.0', namespace: 'novanet' }, 'grow_floating_pool', { range });
  }

  /** Answers the address that the project has from now on. */
  async allocate(projectId: string): Promise<string> {
    const address = await this.bus.call({ version: '1.0' }, 'allocate_floating_ip', {
      project_id: projectId,
    });
    if (typeof address !== 'string') throw new LabError('allocate_floating_ip answered no address.');
    return address;
  }

  /** Also from another instance, which loses it. */
  async associate(address: string, fixedAddress: string): Promise<void> {
    const args = { floating_address: address, fixed_address: fixedAddress };
    await this.bus.call({ version: '1.0' }, 'associate_floating_ip', args);
  }

  /** The project keeps it. */
  async disassociate(address: string): Promise<void> {
    await this.bus.call({ version: '1.0' }, 'disassociate_floating_ip', { address });
  }
}
