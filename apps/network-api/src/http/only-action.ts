import { BadRequestException } from '@nestjs/common';
import { isRecord } from '@novanet/contracts';

/** The one action that a body asks for, and what stands beside its name. Throws BadRequestException. */
export function onlyAction(body: unknown): [name: string, args: unknown] {
  const [action, ...more] = isRecord(body) ? Object.entries(body) : [];
  if (action && more.length === 0) return action;
  const names = isRecord(body) ? Object.keys(body).join(', ') : '';
  const asked = names === '' ? 'none' : names.slice(0, 200);
  throw new BadRequestException(`Malformed request body: one action is expected, not ${asked}`);
}
