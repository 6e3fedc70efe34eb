import type { Instance, NamedRegistration, ObservedFacts } from '@novanet/ipam';
import { parseHostName } from '@novanet/net-address';
import type { InstanceEntity } from '../schema/instance.entity.js';

export function toInstance(row: InstanceEntity): Instance {
  const {
    id,
    computeId,
    host,
    meta,
    securityGroups,
    observedAt: _observed,
    areGroupsListed: _listed,
    password: _password,
    ...plain
  } = row;
  return {
    ...plain,
    id: Number(id),
    computeId: computeId === null ? null : Number(computeId),
    host: host === null ? null : parseHostName(host),
    meta: stringsByName(meta),
    securityGroups: strings(securityGroups),
  };
}

export function instanceRow({ computeId, meta, securityGroups, ...plain }: NamedRegistration) {
  return {
    ...plain,
    ...(computeId !== null && { computeId: String(computeId) }),
    meta: JSON.stringify(meta),
    securityGroups: JSON.stringify(securityGroups),
    isRegistered: true,
    // what was seen before this moment is older
    observedAt: () => 'CURRENT_TIMESTAMP(3)',
  };
}

/** The columns that are observed. Compute services register images by EC2's names; what is seen of them is another. */
export function observedRow(facts: ObservedFacts, isRegistered: boolean) {
  const { meta, ...plain } = facts;
  const { amiId: _ami, kernelId: _kernel, ramdiskId: _ramdisk, ...others } = plain;
  return { ...(isRegistered ? others : plain), ...(meta && { meta: JSON.stringify(meta) }) };
}

function stringsByName(json: string): Record<string, string> {
  const parsed: unknown = JSON.parse(json);
  if (typeof parsed !== 'object' || parsed === null) return {};
  return Object.fromEntries(Object.entries(parsed).map(([name, value]) => [name, String(value)]));
}

function strings(json: string): string[] {
  const parsed: unknown = JSON.parse(json);
  return Array.isArray(parsed) ? parsed.map(String) : [];
}
