import type { Schema, Schemas } from '../open-api/schema-types.js';

const text: Schema = { type: 'string' };

/** What os-services and os-hosts answer. */
export const serviceSchemas: Schemas = {
  ComputeService: {
    type: 'object',
    properties: {
      id: { type: 'integer' },
      binary: { ...text, example: 'nova-network' },
      host: text,
      zone: { ...text, example: 'internal' },
      status: { ...text, enum: ['enabled', 'disabled'] },
      state: { ...text, enum: ['up', 'down'] },
      updated_at: { ...text, nullable: true, example: '2026-03-01T12:00:00.000000' },
      disabled_reason: { ...text, nullable: true },
      forced_down: { type: 'boolean', description: 'Since 2.11.' },
    },
  },
  Host: {
    type: 'object',
    properties: { host_name: text, service: { ...text, example: 'network' }, zone: text },
  },
};
