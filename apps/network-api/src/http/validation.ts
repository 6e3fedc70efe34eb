import {
  BadRequestException,
  createParamDecorator,
  Injectable,
  type ArgumentMetadata,
  type ExecutionContext,
  type PipeTransform,
} from '@nestjs/common';
import { declaredNames, shaped } from '@novanet/contracts';
import { validateSync, type ValidationError } from 'class-validator';
import type { Request } from 'express';
import { factsOf } from './request-facts.js';

/**
 * Checks a body against its class; the first problem is told in nova's words.
 * @param unknownFields what becomes of fields that the class does not have
 */
export function checkedBody(unknownFields: 'ignored' | 'refused'): PipeTransform {
  return new BodyCheck(unknownFields === 'refused');
}

/** A body with what is to become of fields that nobody knows. */
interface Received {
  readonly body: unknown;
  readonly isLegacy: boolean;
}

const received = createParamDecorator((_data: unknown, context: ExecutionContext): Received => {
  const request = context.switchToHttp().getRequest<Request>();
  const body: unknown = request.body;
  return { body, isLegacy: factsOf(request).isLegacy };
});

/**
 * The body of a request to nova's interface, checked against its class: what the class does not have is refused, or
 * passed over where the request came by `/v2`.
 */
export const NovaBody = () => received(new NovaBodyCheck());

@Injectable()
class NovaBodyCheck implements PipeTransform<Received> {
  transform({ body, isLegacy }: Received, metadata: ArgumentMetadata): unknown {
    return checkedBody(isLegacy ? 'ignored' : 'refused').transform(body, metadata);
  }
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
    const unknown = this.refusesUnknown ? unknownProblems(parsed, body) : [];
    const text = describeProblem([...problems, ...unknown]);
    if (text !== undefined) throw new BadRequestException(text);
    return parsed;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

type Problem = Pick<ValidationError, 'property' | 'value' | 'constraints' | 'children'>;

function unknownProblems(parsed: object, body: Readonly<Record<string, unknown>>): Problem[] {
  const known = declaredNames(constructorOf(parsed));
  const strange = Object.keys(body).find((name) => !known.has(name));
  if (strange !== undefined) return [{ property: '', constraints: { known: unexpected(strange) } }];
  return Object.entries(parsed).flatMap(([property, inner]: [string, unknown]) => {
    const value = body[property];
    if (!isObject(inner) || !isObject(value) || declaredNames(constructorOf(inner)).size === 0) return [];
    return unknownProblems(inner, value).map((problem) =>
      problem.property === '' ? { ...problem, property, value } : problem,
    );
  });
}

function constructorOf(value: object): new () => object {
  return Object.getPrototypeOf(value).constructor;
}

/** nova's schema checker. */
function unexpected(name: string): string {
  return `Additional properties are not allowed ('${name}' was unexpected)`;
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
  // Of the body itself.
  if (property === '') return reason;
  const where = `Invalid input for field/attribute ${property}.`;
  if (value === undefined) return `${where} '${property}' is a required property`;
  const shown = JSON.stringify(value);
  const short = shown.length > 200 ? `${shown.slice(0, 200)}…` : shown;
  return `${where} Value: ${short}. ${reason}`;
}
