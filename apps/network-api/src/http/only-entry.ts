import { BadRequestException } from '@nestjs/common';
import { isRecord } from '@novanet/contracts';

/** The action of a body that consists of one, as nova writes them: its name, and what stands beside it. */
export function onlyEntry(body: unknown): [name: string, args: unknown] {
  const [entry, ...more] = isRecord(body) ? Object.entries(body) : [];
  if (!entry || more.length > 0) throw new BadRequestException('Malformed request body');
  return entry;
}
