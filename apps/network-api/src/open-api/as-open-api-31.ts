import type { OpenAPIObject } from '@nestjs/swagger';
import { isRecord } from '@novanet/contracts';

/** The same in the words of OpenAPI 3.1, whose schemas are those of JSON Schema: null is a type. */
export function asOpenApi31(document: OpenAPIObject): OpenAPIObject {
  const text = JSON.stringify({ ...document, openapi: '3.1.0' });
  return JSON.parse(text, (_key, value: unknown) => withNullAsType(value));
}

function withNullAsType(value: unknown): unknown {
  if (!isRecord(value) || value['nullable'] !== true) return value;
  const { nullable: _, ...schema } = value;
  const { type, oneOf, enum: values } = schema;
  return {
    ...schema,
    ...(typeof type === 'string' && { type: [type, 'null'] }),
    ...(Array.isArray(oneOf) && { oneOf: [...oneOf, { type: 'null' }] }),
    ...(Array.isArray(values) && { enum: [...new Set([...values, null])] }),
  };
}
