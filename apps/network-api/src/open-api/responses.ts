import { applyDecorators } from '@nestjs/common';
import { ApiResponse } from '@nestjs/swagger';
import { faultBody } from '../faults/fault.js';
import type { fixedIpSchemas } from '../fixed-ips/fixed-ip-schemas.js';
import type { dnsSchemas } from '../floating-ip-dns/dns-schemas.js';
import type { securityGroupSchemas } from '../security-groups/security-group-schemas.js';
import type { floatingIpSchemas } from '../floating-ips/floating-ip-schemas.js';
import type { poolSchemas } from '../pools/pool-schemas.js';

const reasons = {
  400: 'The request makes no sense; the message says what and where.',
  403: 'It is not allowed, or a quota is used up.',
  404: 'There is no such thing.',
  409: 'It conflicts with what exists.',
  501: 'It cannot be done here, or with this network manager.',
  503: 'The database, the broker or a network worker does not answer.',
} as const;

/** The refusals a route may answer with. */
export function faultResponses(...statuses: readonly (keyof typeof reasons)[]): MethodDecorator {
  return applyDecorators(
    ...statuses.map((status) => {
      const [name = ''] = Object.keys(faultBody(status, ''));
      return ApiResponse({
        status,
        description: reasons[status],
        schema: { type: 'object', properties: { [name]: named('Fault'), error: named('Fault') } },
      });
    }),
  );
}

/** A schema of `schemas.ts`. */
export function named(
  name:
    | 'Network'
    | 'Instance'
    | 'InstanceRegistration'
    | 'InstancePassword'
    | 'Service'
    | 'Fault'
    | keyof typeof securityGroupSchemas
    | keyof typeof floatingIpSchemas
    | keyof typeof fixedIpSchemas
    | keyof typeof dnsSchemas
    | keyof typeof poolSchemas
    | 'TenantNetwork'
    | 'SubnetUsage'
    | 'ComputeService'
    | 'Host'
    | 'HostAction'
    | 'EmptiedHost'
    | 'ServerReference'
    | 'Server'
    | 'ServerAction'
    | 'VirtualInterface'
    | 'QuotaSet'
    | 'QuotaSetDetail'
    | 'Limits'
    | 'Extension',
): {
  $ref: string;
} {
  return { $ref: `#/components/schemas/${name}` };
}
