import { isRecord } from '@novanet/contracts';
import * as fc from 'fast-check';
import type { Schema } from '../../open-api/schema-types.js';
import { oddText, oddValue, valueOf } from './values.js';

/** What a request carries. */
export interface Body {
  /** As it is sent. */
  readonly text: string;
  /** What was made wrong of it. */
  readonly wrong?: { readonly member: string; readonly intact: string };
}

type Path = readonly string[];

/** A body that the schema allows, or nearly. */
export function bodyFor(schema: Schema): fc.Arbitrary<Body> {
  const allowed = valueOf(schema);
  const whole = allowed.map((value) => ({ text: JSON.stringify(value) }));
  return fc.oneof(
    { weight: 3, arbitrary: whole },
    { weight: 6, arbitrary: allowed.chain(mutated) },
    { weight: 1, arbitrary: oddValue.map((value) => ({ text: JSON.stringify(value) })) },
    { weight: 1, arbitrary: broken(whole) },
  );
}

/** Text that is no JSON, or hardly any. */
export function broken(whole: fc.Arbitrary<Body>): fc.Arbitrary<Body> {
  return fc.oneof(
    fc
      .constantFrom(
        '',
        '{',
        '{]',
        '{"a":}',
        'null null',
        '\ufeff{}',
        '{"a":1,"a":2}',
        '{"__proto__":{"a":1}}',
        'NaN',
      )
      .map((text) => ({ text })),
    fc.tuple(whole, fc.nat(100)).map(([{ text }, percent]) => ({
      text: text.slice(0, Math.floor((text.length * percent) / 100)),
    })),
  );
}

function mutated(value: unknown): fc.Arbitrary<Body> {
  const members = membersOf(value);
  if (members.length === 0) return oddValue.map((odd) => ({ text: JSON.stringify(odd) }));
  const place = fc.constantFrom(...members);
  const intact = JSON.stringify(value);
  const bodyWith = (path: Path, content: unknown, isSure: boolean): Body => {
    const text = JSON.stringify(changed(value, path, content));
    const member = path.at(-1);
    return isSure && member !== undefined ? { text, wrong: { member, intact } } : { text };
  };
  const beside = (path: Path, name: string) => [...path.slice(0, -1), name];
  return fc.oneof(
    // A list or an object is wrong wherever a text, a number or a boolean was.
    fc
      .tuple(place, oddValue)
      .map(([path, odd]) => bodyWith(path, odd, !isCompound(at(value, path)) && isCompound(odd))),
    place.map((path) => bodyWith(path, undefined, true)),
    place.map((path) => bodyWith(beside(path, 'unknown_member'), 1, true)),
    fc.tuple(place, oddText, oddValue).map(([path, name, odd]) => bodyWith(beside(path, name), odd, false)),
  );
}

function isCompound(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}

function at(value: unknown, [name, ...rest]: Path): unknown {
  return name !== undefined && isRecord(value) ? at(value[name], rest) : value;
}

function membersOf(value: unknown): Path[] {
  if (!isRecord(value)) return [];
  return Object.entries(value).flatMap(([name, inner]) => [
    [name],
    ...membersOf(inner).map((path) => [name, ...path]),
  ]);
}

function changed(value: unknown, [name, ...rest]: Path, content: unknown): unknown {
  if (name === undefined) return content;
  const members: Readonly<Record<string, unknown>> = isRecord(value) ? value : {};
  return { ...members, [name]: changed(members[name], rest, content) };
}
