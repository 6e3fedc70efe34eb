import type { OpenAPIObject } from '@nestjs/swagger';

const text = { type: 'string' } as const;
const live = { type: 'object', properties: { status: { ...text, enum: ['live'] as string[] } } } as const;
const ready = {
  type: 'object',
  properties: {
    status: { ...text, enum: ['ready', 'not ready'] as string[] },
    checks: {
      type: 'object',
      additionalProperties: text,
      description: 'What this service needs: ok, or what is wrong with it.',
    },
  },
} as const;

/** Says what the pages answer that every service of ours has. */
export function describeServicePages({ paths }: OpenAPIObject): void {
  const json = (schema: typeof live | typeof ready) => ({ 'application/json': { schema } });
  const pages = {
    '/health/live': { 200: { description: 'The process runs.', content: json(live) } },
    '/health/ready': {
      200: { description: 'Requests are welcome.', content: json(ready) },
      503: { description: 'Something that it needs is not there.', content: json(ready) },
    },
    '/metrics': { 200: { description: 'For Prometheus.', content: { 'text/plain': { schema: text } } } },
  };
  for (const [path, responses] of Object.entries(pages)) {
    const operation = paths[path]?.get;
    if (operation) operation.responses = responses;
  }
}
