import * as fc from 'fast-check';
import { routes, type Route } from '../api-description.js';
import { bodyFor, broken, type Body } from './bodies.js';
import { PROJECTS, placeholder, type Kind } from './stock.js';
import { anything, oddText, oddValue, valueOf } from './values.js';

/** A request as it is sent, once placeholders are filled. */
export interface GeneratedRequest {
  readonly route: Route;
  /** The parts of its path. */
  readonly path: readonly string[];
  readonly query: readonly (readonly [name: string, value: string])[];
  readonly body: Body | undefined;
  readonly token: string;
  readonly microversion: string | undefined;
}

/** What the parameter of a path is, where the path says so. */
const KIND_BY_PLACE: readonly (readonly [RegExp, Kind])[] = [
  [/^\/v2\.1\/os-(tenant-)?networks\//, 'network'],
  [/^\/v2\.1\/os-security-groups\//, 'group'],
  [/^\/v2\.1\/os-security-group-rules\//, 'rule'],
  [/^\/v2\.1\/os-security-group-default-rules\//, 'defaultRule'],
  [/^\/v2\.1\/os-floating-ips\//, 'floatingIp'],
  [/^\/v2\.1\/os-fixed-ips\//, 'fixedAddress'],
  [/^\/v2\.1\/os-floating-ip-dns\//, 'domain'],
  [/^\/v2\.1\/os-services\//, 'service'],
  [/^\/v2\.1\/os-quota-sets\//, 'project'],
  [/^\/v2\.1\/servers\/|^\/v1\/instances\//, 'instance'],
];

/** Where JSON is answered. */
const asked = routes.filter(({ path }) => path !== '/metrics');

/** A request to any route, mostly a sensible one with one thing in it that is not. */
export const anyRequest: fc.Arbitrary<GeneratedRequest> = fc
  .tuple(fc.constantFrom(...asked), fc.constantFrom('nothing', 'path', 'query', 'body', 'everything'))
  .chain(([route, odd]) => {
    const is = (what: string) => odd === what || odd === 'everything';
    return fc.record({
      route: fc.constant(route),
      path: pathOf(route, is('path')),
      query: queryOf(route, is('query')),
      body: requestBody(route, is('body')),
      token: fc.constantFrom('admin:admin', 'admin:p1', ...PROJECTS.map((project) => `joe:${project}`)),
      microversion: fc.option(fc.constantFrom('2.1', '2.4', '2.12', 'latest'), { nil: undefined, freq: 3 }),
    });
  });

function pathOf({ path, operation }: Route, isOdd: boolean): fc.Arbitrary<string[]> {
  const kind = KIND_BY_PLACE.find(([pattern]) => pattern.test(path))?.[1];
  const fitting = kind ? fc.nat(9).map((number) => placeholder(kind, number)) : anything;
  const parts = path.split('/').map((part) => {
    const name = /^\{(\w+)\}$/.exec(part)?.[1];
    if (name === undefined) return fc.constant(part);
    if (isOdd) return fc.oneof(oddText, anything);
    const parameter = (operation.parameters ?? []).find((each) => 'name' in each && each.name === name);
    const schema = parameter && 'schema' in parameter ? parameter.schema : undefined;
    const isNamed = schema && 'enum' in schema;
    return isNamed
      ? valueOf(schema).map(textOf)
      : fc.oneof({ weight: 4, arbitrary: fitting }, { weight: 1, arbitrary: anything });
  });
  const version = fc.constantFrom('v2.1', 'v2.1', 'v2');
  return fc
    .tuple(version, fc.tuple(...parts))
    .map(([older, all]) => all.map((part) => (part === 'v2.1' ? older : part)));
}

function queryOf({ operation }: Route, isOdd: boolean): fc.Arbitrary<[string, string][]> {
  const known = (operation.parameters ?? []).flatMap((parameter) =>
    'in' in parameter && parameter.in === 'query' ? [parameter] : [],
  );
  const values = known.map(({ name, schema }) =>
    fc.tuple(fc.constant(name), schema ? valueOf(schema).map(textOf) : anything),
  );
  const sensible =
    values.length > 0 ? fc.array(fc.oneof(...values), { maxLength: 2 }) : fc.constant<[string, string][]>([]);
  if (!isOdd) return sensible;
  const names = fc.constantFrom(
    ...known.map(({ name }) => name),
    'limit',
    'all_tenants',
    'marker',
    'user_id',
  );
  const name = fc.oneof(
    names,
    names.map((each) => `${each}[]`),
    names.map((each) => `${each}[a]`),
    oddText,
  );
  return fc.array(fc.tuple(name, oddText), { minLength: 1, maxLength: 3 });
}

function requestBody(route: Route, isOdd: boolean): fc.Arbitrary<Body | undefined> {
  // There is no client that could send one.
  if (route.method === 'GET') return fc.constant(undefined);
  const schema = schemaOf(route);
  const other = fc.constantFrom(...routes.flatMap((each) => schemaOf(each) ?? []));
  const strange = fc.oneof(
    other.chain(bodyFor),
    oddValue.map((value) => ({ text: JSON.stringify(value) })),
    broken(fc.constant({ text: '{}' })),
  );
  if (!schema) return isOdd ? fc.option(strange, { nil: undefined }) : fc.constant(undefined);
  if (!isOdd) return valueOf(schema).map((value) => ({ text: JSON.stringify(value) }));
  return fc.oneof({ weight: 5, arbitrary: bodyFor(schema) }, { weight: 1, arbitrary: strange });
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function schemaOf({ operation: { requestBody: described } }: Route) {
  if (!described || '$ref' in described) return undefined;
  return described.content['application/json']?.schema;
}
