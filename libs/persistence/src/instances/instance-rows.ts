import type { Instance, NamedRegistration } from '@novanet/ipam';
import { parseHostName } from '@novanet/net-address';
import type { InstanceEntity } from '../schema/instance.entity.js';

export function toInstance(row: InstanceEntity): Instance {
  const { id, host, meta, securityGroups, ...plain } = row;
  return {
    ...plain,
    id: Number(id),
    host: host === null ? null : parseHostName(host),
    meta: stringsByName(meta),
    securityGroups: strings(securityGroups),
  };
}

export function instanceRow({ meta, securityGroups, ...plain }: NamedRegistration) {
  return {
    ...plain,
    meta: JSON.stringify(meta),
    securityGroups: JSON.stringify(securityGroups),
    isRegistered: true,
  };
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
