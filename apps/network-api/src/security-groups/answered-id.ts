import { isRecord } from '@novanet/contracts';

/** The number of what a worker made. */
export function answeredId(answer: unknown): number {
  const id = isRecord(answer) ? answer['id'] : undefined;
  if (typeof id !== 'number') throw new Error('a worker made something and answered no id');
  return id;
}
