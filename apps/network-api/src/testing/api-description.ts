import { readFileSync } from 'node:fs';
import type { OpenAPIObject } from '@nestjs/swagger';

/** docs/openapi.json. */
export const description: OpenAPIObject = JSON.parse(
  readFileSync(`${import.meta.dirname}/../../../../docs/openapi.json`, 'utf8'),
);

type Operation = NonNullable<OpenAPIObject['paths'][string]['get']>;

/** A route that is described. */
export interface Route {
  /** "GET /v2.1/os-networks/{uuid}" */
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly operation: Operation;
}

export const routes: readonly Route[] = Object.entries(description.paths).flatMap(([path, operations]) =>
  Object.entries({
    GET: operations.get,
    POST: operations.post,
    PUT: operations.put,
    DELETE: operations.delete,
  }).flatMap(([method, operation]) =>
    operation ? [{ name: `${method} ${path}`, method, path, operation }] : [],
  ),
);

const patterns = routes
  .map((route) => ({ route, pattern: patternOf(route.path) }))
  // A path with fewer parameters is the better one.
  .sort((one, other) => parametersIn(one.route) - parametersIn(other.route));

/** The route that answers such a request. @param path as controllers know it, without a query */
export function routeFor(method: string, path: string): Route | undefined {
  return patterns.find(({ route, pattern }) => route.method === method && pattern.test(path))?.route;
}

function patternOf(path: string): RegExp {
  return new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+')}/?$`, 'i');
}

function parametersIn({ path }: Route): number {
  return path.split('{').length;
}
