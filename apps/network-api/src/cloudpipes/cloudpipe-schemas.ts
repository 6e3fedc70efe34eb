import type { Schemas } from '../open-api/schema-types.js';

export const cloudpipeSchemas = {
  Cloudpipe: {
    type: 'object',
    required: ['project_id', 'public_ip', 'public_port', 'state'],
    properties: {
      project_id: { type: 'string' },
      instance_id: {
        type: 'string',
        format: 'uuid',
        description: 'Who holds the address of the VPN server.',
      },
      created_at: { type: 'string', format: 'date-time' },
      internal_ip: { type: 'string', format: 'ipv4' },
      public_ip: { type: 'string', format: 'ipv4', nullable: true },
      public_port: { type: 'integer', nullable: true },
      state: {
        type: 'string',
        enum: ['pending', 'invalid', 'running', 'down'],
        description: 'No instance; not known where to reach it; it answers; it does not.',
      },
    },
  },
} satisfies Schemas;
