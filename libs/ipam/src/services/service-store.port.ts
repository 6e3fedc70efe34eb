import type { HostName } from '@novanet/net-address';
import type { Service } from './service.js';

/** Where services are kept. A failed connection is retried and ends as DatabaseUnavailable. */
export abstract class ServiceStore {
  /** Writes or updates the service, counts the report and takes the store's own time. */
  abstract beat(service: Heartbeat): Promise<void>;
  /** By host, then binary. */
  abstract list(): Promise<Service[]>;
  abstract removeHost(host: HostName): Promise<void>;
  /** False when there is no such service. */
  abstract forceDown(service: ServiceKey, isForcedDown: boolean): Promise<boolean>;
  /** False when there is no such service. */
  abstract setStatus(service: ServiceKey, status: ServiceStatus): Promise<boolean>;
  /** False when there is no such service. */
  abstract remove(service: ServiceKey): Promise<boolean>;
}

export type ServiceKey = Pick<Service, 'host' | 'binary'>;

export type ServiceStatus = Pick<Service, 'isDisabled' | 'disabledReason'>;

export type Heartbeat = Pick<Service, 'host' | 'binary' | 'topic'>;
