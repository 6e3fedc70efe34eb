import { isRecord } from '@novanet/contracts';
import type { ObservedFacts } from '@novanet/ipam';
import { parseHostName, type HostName } from '@novanet/net-address';

type Payload = Readonly<Record<string, unknown>>;

const TEXT = /^.{1,255}$/su;
const HOSTNAME = /^[A-Za-z0-9]([A-Za-z0-9.-]{0,253}[A-Za-z0-9])?$/;
const RESERVATION = /^r-[a-z0-9]{8}$/;

/**
 * What the payload of nova's `compute.instance.*` says of an instance. Null and empty say nothing, for so is everything
 * that was not decided yet; what cannot be meant says nothing either.
 */
export function observedFacts(payload: Payload): ObservedFacts {
  return {
    ...hostFact(payload),
    ...textFact(payload, 'tenant_id', (projectId) => ({ projectId })),
    ...textFact(payload, 'user_id', (userId) => ({ userId })),
    ...textFact(payload, 'display_name', (displayName) => ({ displayName })),
    ...textFact(payload, 'hostname', (hostname) => ({ hostname }), HOSTNAME),
    ...textFact(payload, 'availability_zone', (availabilityZone) => ({ availabilityZone })),
    ...launchIndexFact(payload['launch_index']),
    ...textFact(payload, 'reservation_id', (reservationId) => ({ reservationId }), RESERVATION),
    ...textFact(payload, 'instance_type', (instanceType) => ({ instanceType })),
    ...imageFact(payload),
    ...textFact(payload, 'kernel_id', (kernelId) => ({ kernelId })),
    ...textFact(payload, 'ramdisk_id', (ramdiskId) => ({ ramdiskId })),
    ...metaFact(payload['metadata']),
  };
}

function textFact(
  payload: Payload,
  key: string,
  fact: (text: string) => ObservedFacts,
  shape = TEXT,
): ObservedFacts {
  const text = payload[key];
  return typeof text === 'string' && shape.test(text) ? fact(text) : {};
}

/** An instance without host is one that has none yet; only after it was shelved it has none any more. */
function hostFact({ host, state }: Payload): ObservedFacts {
  if (typeof host === 'string' && host !== '') {
    const name = hostName(host);
    return name === undefined ? {} : { host: name };
  }
  return state === 'shelved_offloaded' ? { host: null } : {};
}

function hostName(text: string): HostName | undefined {
  try {
    return parseHostName(text);
  } catch {
    return undefined;
  }
}

function launchIndexFact(value: unknown): ObservedFacts {
  const isIndex = typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < 2 ** 31;
  return isIndex ? { launchIndex: value } : {};
}

/** The image's id: alone since Folsom, at the end of its address before and besides. */
function imageFact({ image_meta: imageMeta, image_ref_url: url }: Payload): ObservedFacts {
  const base = isRecord(imageMeta) ? textFact(imageMeta, 'base_image_ref', (amiId) => ({ amiId })) : {};
  if (base.amiId || typeof url !== 'string') return base;
  return textFact({ id: url.split('/').at(-1) }, 'id', (amiId) => ({ amiId }));
}

/** A dictionary; before Folsom a list of rows. */
function metaFact(metadata: unknown): ObservedFacts {
  if (Array.isArray(metadata)) return { meta: Object.fromEntries(metadata.flatMap(metaRow)) };
  if (!isRecord(metadata)) return {};
  return {
    meta: Object.fromEntries(Object.entries(metadata).flatMap(([key, value]) => metaPair(key, value))),
  };
}

function metaRow(row: unknown): [string, string][] {
  return isRecord(row) && typeof row['key'] === 'string' ? metaPair(row['key'], row['value']) : [];
}

function metaPair(key: string, value: unknown): [string, string][] {
  return typeof value === 'string' ? [[key, value]] : [];
}
