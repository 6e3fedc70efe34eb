import { applyDecorators } from '@nestjs/common';
import { ApiResponse } from '@nestjs/swagger';
import { faultBody } from '../faults/fault.js';

const reasons = {
  400: 'The request makes no sense; the message says what and where.',
  403: 'The requester may not do that.',
  404: 'There is no such thing.',
  409: 'It conflicts with what exists.',
  501: 'It cannot be done here.',
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
    | 'ComputeService'
    | 'Host'
    | 'ServerReference'
    | 'Server'
    | 'ServerAction'
    | 'VirtualInterface'
    | 'QuotaSet'
    | 'QuotaSetDetail'
    | 'Limits'
    | 'Extension'
    | 'Fault',
): {
  $ref: string;
} {
  return { $ref: `#/components/schemas/${name}` };
}
