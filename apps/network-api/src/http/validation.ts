import { BadRequestException, Injectable, type ArgumentMetadata, type PipeTransform } from '@nestjs/common';
import { declaredNames, shaped } from '@novanet/contracts';
import { validateSync, type ValidationError } from 'class-validator';
import { factsOf } from './request-facts.js';

/**
 * Checks a body against its class; the first problem is told in nova's words.
 * @param unknownFields what becomes of fields that the class does not have; those of `/v2` are ignored always
 */
export function checkedBody(unknownFields: 'ignored' | 'refused'): PipeTransform {
  return new BodyCheck(unknownFields === 'refused');
}

@Injectable()
class BodyCheck implements PipeTransform {
  constructor(private readonly refusesUnknown: boolean) {}

  /** No body at all is one without fields. */
  transform(body: unknown = {}, { metatype }: ArgumentMetadata): unknown {
    const shape: (new () => object) | undefined = metatype;
    if (!shape) return body;
    if (!isObject(body)) throw new BadRequestException('Malformed request body: an object is expected');
    const parsed = shaped(shape, body);
    const problems = validateSync(parsed, { forbidUnknownValues: false });
    const unknown = this.refusesUnknown && !factsOf(body).isLegacy ? unknownProblems(parsed, body) : [];
    const text = describeProblem([...problems, ...unknown]);
    if (text !== undefined) throw new BadRequestException(text);
    return parsed;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

type Problem = Pick<ValidationError, 'property' | 'value' | 'constraints' | 'children'>;

/** Of the object and of those in it that have a class as well. */
function unknownProblems(parsed: object, body: Readonly<Record<string, unknown>>): Problem[] {
  const known = declaredNames(parsed);
  return Object.entries(body).flatMap(([property, value]) => {
    const inside: unknown = Reflect.get(parsed, property);
    if (known.has(property)) {
      return isObject(inside) && isObject(value) && inside !== value ? unknownProblems(inside, value) : [];
    }
    return [{ property, value, constraints: { known: `property ${property} should not exist` } }];
  });
}

/** The first problem that has a constraint, deepest first. */
function describeProblem(problems: readonly Problem[]): string | undefined {
  for (const problem of problems) {
    const { constraints, children = [] } = problem;
    if (constraints) return describeConstraint(problem, Object.values(constraints).at(-1) ?? '');
    if (children.length > 0) return describeProblem(children);
  }
  return undefined;
}

function describeConstraint({ property, value }: Problem, reason: string): string {
  const where = `Invalid input for field/attribute ${property}.`;
  if (value === undefined) return `${where} '${property}' is a required property`;
  const shown = JSON.stringify(value);
  const short = shown.length > 200 ? `${shown.slice(0, 200)}…` : shown;
  return `${where} Value: ${short}. ${reason}`;
}
