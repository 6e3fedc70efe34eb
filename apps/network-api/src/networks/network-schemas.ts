import type { OpenAPIObject } from '@nestjs/swagger';

type Schemas = NonNullable<NonNullable<OpenAPIObject['components']>['schemas']>;

const count = { type: 'integer', minimum: 0 } as const;
const countOfPool = { ...count, nullable: true, description: 'Null: instances make their own addresses.' };

export const networkSchemas: Schemas = {
  TenantNetwork: {
    type: 'object',
    properties: {
      id: { type: 'string', format: 'uuid' },
      label: { type: 'string' },
      cidr: { type: 'string', nullable: true, example: '10.0.0.0/24', description: 'Null: IPv6 only.' },
    },
  },
  SubnetUsage: {
    type: 'object',
    description: 'Allocated, draining, reserved and free make up the size.',
    properties: {
      cidr: { type: 'string', example: '10.0.0.0/24' },
      version: { type: 'integer', enum: [4, 6] },
      size: countOfPool,
      allocated: { ...count, description: 'Instances hold them.' },
      leased: { ...count, description: 'A DHCP lease runs, for whoever holds or held them.' },
      draining: { ...count, description: 'Nobody holds them any more, but a lease still runs.' },
      reserved: countOfPool,
      free: countOfPool,
    },
  },
};
