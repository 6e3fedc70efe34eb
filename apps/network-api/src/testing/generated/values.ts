import * as fc from 'fast-check';
import type { Schema } from '../../open-api/schema-types.js';
import { description } from '../api-description.js';
import { KINDS, placeholder } from './stock.js';

/** A thing that is in the cloud, of whatever kind. */
export const anything = fc
  .tuple(fc.constantFrom(...KINDS), fc.nat(5))
  .map(([kind, number]) => placeholder(kind, number));

const plausible = fc.constantFrom(
  '10.77.0.0/24',
  '10.78.0.0/16',
  'fd00:7::/64',
  '198.51.100.4',
  '198.51.100.0/28',
  '10.0.0.0/8',
  'br100',
  'eth1',
  'h1',
  'p1',
  'nova',
  'default',
  'web',
  'tcp',
  'icmp',
  'nova-network',
  '-1',
  '80',
  'true',
);

/** What nobody expects in a text. */
export const oddText = fc.oneof(
  fc.constantFrom('', ' ', '.', '..', '../../x', '%', '%00', '\u0000', '\u202e', '🦄'.repeat(100), '\ud800'),
  fc.constantFrom(
    'x'.repeat(256),
    'x'.repeat(40_000),
    "'; --",
    '０',
    '-1',
    '0',
    '9'.repeat(30),
    '1e3',
    '0x10',
    '1.5',
  ),
  fc.constantFrom(
    '10.0.0.1/33',
    '0.0.0.0/0',
    '::/0',
    '255.255.255.255',
    'fe80::1%eth0',
    '10.0.0.300',
    '::ffff:10.0.0.1',
  ),
  fc.constantFrom(
    'toString',
    '__proto__',
    'constructor',
    'null',
    'undefined',
    'NaN',
    'all',
    '*',
    'a\nb',
    '<b>',
  ),
  fc.string({ unit: 'binary', maxLength: 40 }),
);

/** What nobody expects as a value. */
export const oddValue: fc.Arbitrary<unknown> = fc.oneof(
  oddText,
  fc.constantFrom(null, true, false, -1, 0, 1, 65_536, 2 ** 31, 2 ** 53, 1e300, -0.5, 1.5),
  fc.constantFrom({}, [], [null], [[]], { toString: 1 }, { length: 3 }, ['a', 'b'], { $ref: 'x' }),
  fc.jsonValue({ maxDepth: 3 }),
);

/** A value that a schema of the description allows. */
export function valueOf(schema: Schema): fc.Arbitrary<unknown> {
  if ('$ref' in schema) return valueOf(named(schema.$ref));
  const [type, orNull] = [schema.type].flat();
  if (type !== undefined && orNull === 'null') {
    return fc.option(valueOf({ ...schema, type }), { freq: 4 });
  }
  if (type === 'null') return fc.constant(null);
  if (schema.oneOf) return fc.oneof(...schema.oneOf.map(valueOf));
  if (schema.enum) return fc.constantFrom(...schema.enum);
  if (schema.type === 'object') return objectOf(schema);
  if (schema.type === 'array') return fc.array(valueOf(schema.items ?? {}), { maxLength: 3 });
  if (schema.type === 'boolean') return fc.boolean();
  if (schema.type === 'string') return textOf(schema);
  const isNumber = schema.type === 'integer' || schema.type === 'number';
  return isNumber ? fc.integer({ min: schema.minimum ?? -2, max: 9 }) : fc.jsonValue();
}

type PlainSchema = Exclude<Schema, { $ref: string }>;

function objectOf({
  properties = {},
  required = [],
  additionalProperties,
}: PlainSchema): fc.Arbitrary<unknown> {
  if (typeof additionalProperties === 'object') {
    return fc.dictionary(fc.string({ maxLength: 8 }), valueOf(additionalProperties), { maxKeys: 3 });
  }
  const members = Object.entries(properties).map(([name, member]) => [name, valueOf(member)] as const);
  return fc.record(Object.fromEntries(members), { requiredKeys: required });
}

function textOf({ format, example }: PlainSchema): fc.Arbitrary<unknown> {
  const usual = typeof example === 'string' ? [fc.constant(example)] : [];
  if (format === 'uuid') return fc.oneof(anything, fc.uuid());
  if (format === 'ipv4') return fc.oneof(anything, fc.ipV4());
  if (format === 'ipv6') return fc.ipV6();
  return fc.oneof(...usual, plausible, anything, fc.string({ maxLength: 12 }));
}

function named(reference: string): Schema {
  const schema = description.components?.schemas?.[reference.split('/').at(-1) ?? ''];
  if (!schema) throw new Error(`no schema ${reference}`);
  return schema;
}
