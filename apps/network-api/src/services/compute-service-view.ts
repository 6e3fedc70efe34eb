import { plainDateTime } from '@novanet/contracts';
import { isServiceUp, type Service } from '@novanet/ipam';
import { novaBinary } from './nova-binary.js';

/** nova's `internal_service_availability_zone`: where everything is that is no compute host. */
export const INTERNAL_ZONE = 'internal';

/** A service as os-services shows it. */
export interface ComputeServiceView {
  readonly id: number;
  readonly binary: string;
  readonly host: string;
  readonly zone: string;
  readonly status: 'enabled' | 'disabled';
  readonly state: 'up' | 'down';
  readonly updated_at: string | null;
  readonly disabled_reason: string | null;
  /** Since microversion 2.11. */
  readonly forced_down?: boolean;
}

/** @param downTimeSeconds `service_down_time` */
export function computeServiceView(
  service: Service,
  now: Date,
  { downTimeSeconds, minor }: { readonly downTimeSeconds: number; readonly minor: number },
): ComputeServiceView {
  return {
    id: service.id,
    binary: novaBinary(service.binary),
    host: service.host,
    zone: INTERNAL_ZONE,
    status: service.isDisabled ? 'disabled' : 'enabled',
    state: isServiceUp(service, now, downTimeSeconds) ? 'up' : 'down',
    updated_at: plainDateTime(service.lastSeenAt),
    disabled_reason: service.disabledReason,
    ...(minor >= 11 && { forced_down: service.isForcedDown }),
  };
}
