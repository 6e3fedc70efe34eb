import { BadRequestException, Injectable, type ArgumentMetadata, type PipeTransform } from '@nestjs/common';
import { isRecord, shaped } from '@novanet/contracts';
import { ValidateBy, validateSync, type ValidationError } from 'class-validator';
import { isLegacyRequest } from './request-facts.js';

const OWN_WORDS = 'ownWords';

/** A value of which nova says something of its own when it is wrong, without naming where it stands. */
export function InOwnWords(isValid: (value: unknown) => boolean, message: string): PropertyDecorator {
  return ValidateBy({ name: OWN_WORDS, validator: { validate: isValid, defaultMessage: () => message } });
}

/**
 * Checks a body against its class; the first problem is told in nova's words.
 * @param unknownFields what becomes of fields that the class does not have; in `/v2` all are ignored
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
    if (!isRecord(body)) throw new BadRequestException('Malformed request body: an object is expected');
    const parsed = shaped(shape, body);
    const problems = validateSync(parsed, { forbidUnknownValues: false });
    const unknown = this.refusesUnknown && !isLegacyRequest() ? unknownProblems(parsed, body) : [];
    const text = describeProblem([...problems, ...unknown]);
    if (text !== undefined) throw new BadRequestException(text);
    return parsed;
  }
}

type Problem = Pick<ValidationError, 'property' | 'value' | 'constraints' | 'children'>;

/** What was not taken over into the parsed body, in the objects inside it as well; in the words of nova's schemas. */
function unknownProblems(parsed: object, body: Readonly<Record<string, unknown>>): Problem[] {
  const strange = Object.keys(body).find((name) => !Object.hasOwn(parsed, name));
  if (strange !== undefined) {
    const known = `Additional properties are not allowed ('${strange}' was unexpected)`;
    return [{ property: '', constraints: { known } }];
  }
  return Object.entries(body).flatMap(([property, value]) => {
    const inner: unknown = Reflect.get(parsed, property);
    if (!isRecord(value) || !isRecord(inner)) return [];
    const problems = unknownProblems(inner, value);
    return problems.map((problem) => (problem.property === '' ? { ...problem, property, value } : problem));
  });
}

/** The first problem that has a constraint, deepest first. */
function describeProblem(problems: readonly Problem[]): string | undefined {
  for (const problem of problems) {
    const { constraints, children = [] } = problem;
    if (constraints?.[OWN_WORDS]) return constraints[OWN_WORDS];
    if (constraints) return describeConstraint(problem, Object.values(constraints).at(-1) ?? '');
    if (children.length > 0) return describeProblem(children);
  }
  return undefined;
}

function describeConstraint({ property, value }: Problem, reason: string): string {
  // Of the body itself.
  if (property === '') return reason;
  const where = `Invalid input for field/attribute ${property}.`;
  if (value === undefined) return `${where} '${property}' is a required property`;
  const shown = JSON.stringify(value);
  const short = shown.length > 200 ? `${shown.slice(0, 200)}…` : shown;
  return `${where} Value: ${short}. ${reason}`;
}
