import type { OpenAPIObject } from '@nestjs/swagger';
import { expect, it } from 'vitest';
import { asOpenApi31 } from './as-open-api-31.js';

const about = { openapi: '3.0.0', info: { title: 'x', version: '1' }, paths: {} };

it.each([
  { schema: { type: 'string', nullable: true }, is: { type: ['string', 'null'] } },
  {
    schema: { type: 'string', enum: ['a'], nullable: true },
    is: { type: ['string', 'null'], enum: ['a', null] },
  },
  { schema: { enum: ['a', null], nullable: true }, is: { enum: ['a', null] } },
  {
    schema: { oneOf: [{ type: 'integer' }], nullable: true },
    is: { oneOf: [{ type: 'integer' }, { type: 'null' }] },
  },
  { schema: { type: 'string' }, is: { type: 'string' } },
  {
    schema: { type: 'object', properties: { a: { type: 'array', nullable: true } } },
    is: { type: 'object', properties: { a: { type: ['array', 'null'] } } },
  },
])('$schema is $is in OpenAPI 3.1', ({ schema, is }) => {
  const document: OpenAPIObject = { ...about, components: { schemas: { X: schema } } };
  expect(asOpenApi31(document)).toEqual({ ...about, openapi: '3.1.0', components: { schemas: { X: is } } });
});
