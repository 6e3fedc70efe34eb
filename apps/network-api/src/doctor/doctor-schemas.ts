import type { Schemas } from '../open-api/schema-types.js';

const text = { type: 'string' } as const;
const nullableText = { type: 'string', nullable: true } as const;

/** What the doctor's answers are made of. */
export const doctorSchemas: Schemas = {
  Finding: {
    type: 'object',
    properties: {
      check: text,
      host: { ...nullableText, description: 'Null: it is about no single host.' },
      subject: text,
      problem: text,
      explanation: text,
      command: { ...nullableText, description: 'What mends it. Null: the explanation says what to do.' },
      safe: { type: 'boolean', description: 'Whether the doctor may mend it.' },
    },
  },
  Check: {
    type: 'object',
    properties: { check: text, host: nullableText, ok: { type: 'boolean' } },
  },
  Mended: {
    type: 'object',
    properties: { host: text, stage: text, subjects: { type: 'array', items: text } },
  },
};
