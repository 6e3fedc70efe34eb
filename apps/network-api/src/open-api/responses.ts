import { applyDecorators } from '@nestjs/common';
import { ApiResponse } from '@nestjs/swagger';
import { faultBody } from '../faults/fault.js';

const reasons = {
  400: 'The request makes no sense; the message says what and where.',
  404: 'There is no such thing.',
  409: 'It conflicts with what exists.',
  501: 'This network manager cannot do it.',
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
    | 'TenantNetwork'
    | 'SubnetUsage',
): {
  $ref: string;
} {
  return { $ref: `#/components/schemas/${name}` };
}
