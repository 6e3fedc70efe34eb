import { QUOTA_RESOURCES } from '@novanet/ipam';
import type { Schema, Schemas } from '../open-api/schema-types.js';
import { COMPUTE_LIMITS } from './quota-limits.js';

const number: Schema = { type: 'integer' };
const names = [...QUOTA_RESOURCES, ...Object.keys(COMPUTE_LIMITS)];
const detail: Schema = {
  type: 'object',
  properties: { limit: number, in_use: number, reserved: number },
};

const ofAll = (schema: Schema) => Object.fromEntries(names.map((name) => [name, schema]));

export const quotaSchemas: Schemas = {
  QuotaLimits: { type: 'object', properties: ofAll(number) },
  QuotaSet: { type: 'object', properties: { id: { type: 'string' }, ...ofAll(number) } },
  QuotaSetDetail: { type: 'object', properties: { id: { type: 'string' }, ...ofAll(detail) } },
  Limits: {
    type: 'object',
    properties: {
      rate: { type: 'array', items: {} },
      absolute: { type: 'object', additionalProperties: number },
    },
  },
};
