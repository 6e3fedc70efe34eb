import { applyDecorators } from '@nestjs/common';
import type { cloudpipeSchemas } from '../cloudpipes/cloudpipe-schemas.js';
import { ApiResponse, type OpenAPIObject } from '@nestjs/swagger';
import { faultBody } from '../faults/fault.js';
import type { fixedIpSchemas } from '../fixed-ips/fixed-ip-schemas.js';
import type { dnsSchemas } from '../floating-ip-dns/dns-schemas.js';
import type { securityGroupSchemas } from '../security-groups/security-group-schemas.js';
import type { floatingIpSchemas } from '../floating-ips/floating-ip-schemas.js';
import type { poolSchemas } from '../pools/pool-schemas.js';

const reasons = {
  400: 'The request makes no sense; the message says what and where.',
  401: 'The token is not good, or there is none.',
  403: 'It is not allowed, or a quota is used up.',
  404: 'There is no such thing.',
  406: 'There is no such microversion.',
  409: 'It conflicts with what exists.',
  413: 'The request is too large, or there is nothing left to give.',
  429: 'The project asks too often; Retry-After says when to come again.',
  501: 'It cannot be done here, or with this network manager.',
  503: 'The database, the broker or a network worker does not answer.',
} as const;

type Refusal = keyof typeof reasons;

/** The refusals a route may answer with. */
export function faultResponses(...statuses: readonly Refusal[]): MethodDecorator & ClassDecorator {
  return applyDecorators(
    ...statuses.map((status) =>
      ApiResponse({ status, description: reasons[status], schema: faultSchema(status) }),
    ),
  );
}

function faultSchema(status: Refusal) {
  const [name = ''] = Object.keys(faultBody(status, ''));
  return { type: 'object', properties: { [name]: named('Fault'), error: named('Fault') } } as const;
}

/** Adds the refusals that come before any route is looked for. */
export function addEarlyRefusals(document: OpenAPIObject): void {
  for (const [path, methods] of Object.entries(document.paths)) {
    for (const operation of [methods.get, methods.post, methods.put, methods.delete]) {
      if (!operation) continue;
      if (operation.requestBody) operation.responses['413'] ??= refusal(413);
      if (path.startsWith('/v2.1/')) operation.responses['406'] ??= refusal(406);
    }
  }
}

function refusal(status: Refusal) {
  return {
    description: reasons[status],
    content: { 'application/json': { schema: faultSchema(status) } },
  };
}

/** A schema of `schemas.ts`. */
export function named(
  name:
    | 'Network'
    | 'PublicNetwork'
    | 'Version'
    | 'Link'
    | 'Instance'
    | 'InstanceRegistration'
    | 'InstancePassword'
    | 'Service'
    | 'Fault'
    | keyof typeof securityGroupSchemas
    | keyof typeof floatingIpSchemas
    | keyof typeof fixedIpSchemas
    | keyof typeof dnsSchemas
    | keyof typeof cloudpipeSchemas
    | keyof typeof poolSchemas
    | 'TenantNetwork'
    | 'SubnetUsage'
    | 'ComputeService'
    | 'ServiceChange'
    | 'Host'
    | 'HostAction'
    | 'EmptiedHost'
    | 'ServerReference'
    | 'Server'
    | 'ServerAction'
    | 'VirtualInterface'
    | 'QuotaLimits'
    | 'QuotaSet'
    | 'QuotaSetDetail'
    | 'Limits'
    | 'Extension'
    | 'Finding'
    | 'Check'
    | 'Mended',
): {
  $ref: string;
} {
  return { $ref: `#/components/schemas/${name}` };
}
