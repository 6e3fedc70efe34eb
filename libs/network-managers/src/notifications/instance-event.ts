import { isRecord } from '@novanet/contracts';
import type { InstanceObservation } from '@novanet/ipam';
import { isUuid } from '../networks/argument-values.js';
import { observedFacts } from './observed-facts.js';

/** As much of a service's notification as concerns us. */
export interface ServiceNotification {
  readonly eventType: string;
  readonly payload: unknown;
  /** Undefined when the sender's clock cannot be read. */
  readonly sentAt: Date | undefined;
}

/** What a notification means for what we know of an instance. */
export type InstanceEvent =
  | { readonly kind: 'observed'; readonly observation: InstanceObservation }
  | { readonly kind: 'deleted'; readonly uuid: string };

const PREFIX = 'compute.instance.';

const BIRTHS = new Set(['create.start', 'create.end']);

/** The second one when nova-api deletes by itself, because no compute service can. */
const DELETIONS = new Set(['delete.end', 'force_delete.end']);

/** Undefined: nothing. */
export function instanceEvent(notification: ServiceNotification): InstanceEvent | undefined {
  const { eventType, payload, sentAt } = notification;
  if (!eventType.startsWith(PREFIX) || !isRecord(payload)) return undefined;
  const event = eventType.slice(PREFIX.length);
  const { instance_id: instanceId, state } = payload;
  if (!isUuid(instanceId) || isBehind(event)) return undefined;
  const uuid = instanceId.toLowerCase();
  // an audit tells of instances that are long gone as well, and so makes good for a deletion that nobody heard of
  if (DELETIONS.has(event) || state === 'deleted') return { kind: 'deleted', uuid };
  if (!sentAt) return undefined;
  const observation = { uuid, observedAt: sentAt, isBirth: BIRTHS.has(event), facts: observedFacts(payload) };
  return { kind: 'observed', observation };
}

/**
 * Whether the payload is behind what happened. What begins is published with what is about to change, and would take
 * back what the compute service has called us for meanwhile. The source of a live migration publishes its end with the
 * instance as it was: still on the source.
 */
function isBehind(event: string): boolean {
  return (event.endsWith('.start') && event !== 'create.start') || event === 'live_migration._post.end';
}
