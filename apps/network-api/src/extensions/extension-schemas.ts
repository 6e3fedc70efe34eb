import type { Schema, Schemas } from '../open-api/schema-types.js';

const text: Schema = { type: 'string' };

export const extensionSchemas: Schemas = {
  Extension: {
    type: 'object',
    properties: {
      alias: { ...text, example: 'os-networks' },
      name: text,
      description: text,
      namespace: text,
      updated: { ...text, format: 'date-time' },
      links: { type: 'array', items: {} },
    },
  },
};
