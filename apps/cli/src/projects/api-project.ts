import { isRecord, type Fields } from '../http/api-answers.js';
import { hasTexts, pathPart, type ApiClient } from '../http/api-client.js';

/** The limits that this service obeys, in nova's order. */
export const quotaKeys = ['floating_ips', 'fixed_ips', 'security_groups', 'security_group_rules'] as const;

const isFields = (value: unknown): value is Fields => isRecord(value);
const isGroup = hasTexts('name', 'tenant_id');

/** A security group of a project. */
export type ApiGroup = Fields & { readonly name: string };

export async function securityGroupsOf(api: ApiClient, project: string): Promise<ApiGroup[]> {
  const groups = (await api.get('/v2.1/os-security-groups?all_tenants=1')).list('security_groups', isGroup);
  return groups.filter((group) => group.tenant_id === project);
}

export async function deleteSecurityGroup(api: ApiClient, { id }: ApiGroup): Promise<void> {
  await api.delete(`/v2.1/os-security-groups/${pathPart(String(id))}`);
}

/** What a project may have, and has. */
export async function quotaOf(api: ApiClient, project: string): Promise<Fields> {
  return (await api.get(`/v2.1/os-quota-sets/${pathPart(project)}/detail`)).one('quota_set', isFields);
}

export async function setQuota(api: ApiClient, project: string, key: string, limit: number): Promise<void> {
  await api.put(`/v2.1/os-quota-sets/${pathPart(project)}`, { quota_set: { [key]: limit } });
}
