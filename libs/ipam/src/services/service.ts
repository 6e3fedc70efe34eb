import type { HostName } from '@novanet/net-address';

/** A process of the cloud that reports its health by a heartbeat. */
export interface Service {
  readonly id: number;
  readonly host: HostName;
  readonly binary: string;
  readonly topic: string;
  readonly reportCount: number;
  readonly lastSeenAt: Date;
  readonly isForcedDown: boolean;
  /** It keeps what it serves, and is given nothing more. */
  readonly isDisabled: boolean;
  readonly disabledReason: string | null;
  readonly createdAt: Date;
}

/** nova's rule: not forced down, and heard of within service_down_time. */
export function isServiceUp(service: Service, now: Date, downTimeSeconds: number): boolean {
  return !service.isForcedDown && now.getTime() - service.lastSeenAt.getTime() <= downTimeSeconds * 1000;
}
