import { named } from '../open-api/responses.js';
import type { Schema, Schemas } from '../open-api/schema-types.js';

const text: Schema = { type: 'string' };

export const versionSchemas: Schemas = {
  Version: {
    type: 'object',
    properties: {
      id: { ...text, example: 'v2.1' },
      status: { ...text, enum: ['CURRENT', 'SUPPORTED'] },
      version: { ...text, description: 'The newest microversion; empty: it has none.' },
      min_version: text,
      updated: { ...text, format: 'date-time' },
      links: { type: 'array', items: named('Link') },
      'media-types': {
        type: 'array',
        items: { type: 'object', properties: { base: text, type: text } },
        description: 'Where a version is described by itself.',
      },
    },
    required: ['id', 'status', 'version', 'min_version', 'updated', 'links'],
  },
};
