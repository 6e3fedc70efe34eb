import type { OpenAPIObject } from '@nestjs/swagger';
import type { Schema, Schemas } from './schema-types.js';

/**
 * What answers consist of is fixed: each object in them has every member that is described, unless `required` names those
 * that are always there, and no other, unless `additionalProperties` says so.
 */
export function closeAnswers(document: OpenAPIObject): void {
  const schemas: Schemas = document.components?.schemas ?? {};
  const seen = new Set<string>();
  const closeAll = (names: readonly string[]) => {
    for (const name of names) {
      const schema = schemas[name];
      if (!schema || seen.has(name)) continue;
      seen.add(name);
      schemas[name] = closed(schema);
      closeAll(namesIn(schema));
    }
  };
  for (const content of contentsOf(document)) {
    if (!content.schema) continue;
    content.schema = closed(content.schema);
    closeAll(namesIn(content.schema));
  }
}

function contentsOf({ paths }: OpenAPIObject) {
  return Object.values(paths)
    .flatMap(({ get, post, put, delete: remove }) => [get, post, put, remove])
    .flatMap((operation) => Object.values(operation?.responses ?? {}))
    .flatMap((response) => (response && 'content' in response ? Object.values(response.content ?? {}) : []));
}

function namesIn(schema: Schema): string[] {
  const references = JSON.stringify(schema).matchAll(/#\/components\/schemas\/(\w+)/g);
  return [...references].map(([, name = '']) => name);
}

function closed(schema: Schema): Schema {
  if ('$ref' in schema) return schema;
  const { properties, items, oneOf, additionalProperties } = schema;
  return {
    ...schema,
    ...(items && { items: closed(items) }),
    ...(oneOf && { oneOf: oneOf.map(closed) }),
    ...(typeof additionalProperties === 'object' && { additionalProperties: closed(additionalProperties) }),
    ...(properties && {
      properties: Object.fromEntries(
        Object.entries(properties).map(([name, inner]) => [name, closed(inner)]),
      ),
      required: schema.required ?? Object.keys(properties),
      additionalProperties: schema.additionalProperties ?? false,
    }),
  };
}
