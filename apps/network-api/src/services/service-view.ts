import { isServiceUp, type Service } from '@novanet/ipam';

/** A service as the REST interface shows it. */
export interface ServiceView {
  readonly host: string;
  readonly binary: string;
  readonly state: 'up' | 'down';
  readonly last_seen_at: string;
}

/** @param downTimeSeconds `service_down_time` */
export function serviceView(service: Service, now: Date, downTimeSeconds: number): ServiceView {
  return {
    host: service.host,
    binary: service.binary,
    state: isServiceUp(service, now, downTimeSeconds) ? 'up' : 'down',
    last_seen_at: service.lastSeenAt.toISOString(),
  };
}
