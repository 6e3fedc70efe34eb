import { BadRequestException, ValidationPipe } from '@nestjs/common';
import type { ValidationError } from 'class-validator';

/**
 * Checks a body against its class; the first problem is told in nova's words.
 * @param unknownFields what becomes of fields that the class does not have
 */
export function checkedBody(unknownFields: 'ignored' | 'refused'): ValidationPipe {
  return new ValidationPipe({
    transform: true,
    whitelist: true,
    forbidNonWhitelisted: unknownFields === 'refused',
    exceptionFactory: (problems) => new BadRequestException(describeProblem(problems)),
  });
}

/** The first problem that has a constraint, deepest first. */
function describeProblem(problems: readonly ValidationError[]): string {
  for (const problem of problems) {
    const { constraints, children = [] } = problem;
    if (constraints) return describeConstraint(problem, Object.values(constraints).at(-1) ?? '');
    if (children.length > 0) return describeProblem(children);
  }
  return 'Malformed request body';
}

function describeConstraint(problem: ValidationError, reason: string): string {
  const { property, value } = problem;
  // A list or a text where the whole body should be: Nest's own problem, about no field.
  if (!('value' in problem)) return 'Malformed request body: an object is expected';
  const where = `Invalid input for field/attribute ${property}.`;
  if (value === undefined) return `${where} '${property}' is a required property`;
  const shown = JSON.stringify(value);
  const short = shown.length > 200 ? `${shown.slice(0, 200)}…` : shown;
  return `${where} Value: ${short}. ${reason}`;
}
