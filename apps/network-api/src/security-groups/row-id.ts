import { BadRequestException } from '@nestjs/common';

/** The number of a group or a rule, in a path or a body. nova says "group" of all of them. */
export function readRowId(value: unknown): number {
  const isInteger =
    typeof value === 'number' ? Number.isInteger(value) : /^\s*[+-]?\d+\s*$/.test(asText(value));
  if (!isInteger) throw new BadRequestException('Security group id should be integer');
  // Four hundred digits are infinitely many to JavaScript, and nothing to a database.
  return Math.min(Number(value), Number.MAX_VALUE);
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
