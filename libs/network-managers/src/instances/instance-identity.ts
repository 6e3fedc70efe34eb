import { InvalidUUID } from '@novanet/ipam';
import { isUuid, textOf } from '../networks/argument-values.js';

/**
 * The uuid of the instance a request is about: `instance_id`, or for callers up to version 1.8, whose `instance_id` is
 * a number, `instance_uuid`. Throws InvalidUUID.
 */
export function instanceUuid(args: {
  readonly instance_id?: unknown;
  readonly instance_uuid?: string | null;
}): string {
  const uuid = [args.instance_id, args.instance_uuid].find(isUuid);
  if (uuid === undefined) throw new InvalidUUID(textOf(args.instance_id ?? args.instance_uuid));
  return uuid.toLowerCase();
}
