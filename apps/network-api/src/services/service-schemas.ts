import type { Schema, Schemas } from '../open-api/schema-types.js';

const text: Schema = { type: 'string' };
const texts: Schema = { type: 'array', items: text };
const heir: Schema = { type: 'object', nullable: true, properties: { heir: { ...text, nullable: true } } };

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
    required: ['id', 'binary', 'host', 'zone', 'status', 'state', 'updated_at', 'disabled_reason'],
  },
  ServiceChange: {
    type: 'object',
    description: 'What was changed of a service.',
    properties: {
      host: text,
      binary: text,
      status: { ...text, enum: ['enabled', 'disabled'] },
      disabled_reason: text,
      forced_down: { type: 'boolean' },
    },
    required: ['host', 'binary'],
  },
  HostAction: {
    type: 'object',
    properties: { remove: heir, drain: heir },
    minProperties: 1,
    maxProperties: 1,
  },
  EmptiedHost: {
    type: 'object',
    properties: {
      host: text,
      addresses: { ...texts, description: 'Its own in networks that each host serves: free again.' },
      networks: { ...texts, description: 'Uuids of those that another host serves now.' },
      floating_ips_moved: texts,
      floating_ips_left: { ...texts, description: 'Their instances are still there.' },
      instances: { ...texts, description: 'Uuids of those that are still there.' },
      problems: texts,
    },
  },
  Host: {
    type: 'object',
    properties: { host_name: text, service: { ...text, example: 'network' }, zone: text },
  },
};
