import { hasTexts, pathPart, type ApiClient } from '../http/api-client.js';
import type { Fields, WaysOut } from '../http/api-answers.js';

/** What the API says of a network: nova's field names, in nova's order. */
export type ApiNetwork = Fields & { readonly id: string; readonly label: string };

const isNetwork = hasTexts('id', 'label');

const NETWORKS = '/v2.1/os-networks';
const OURS = '/v2.1/os-novanet-networks';

export async function listNetworks(api: ApiClient): Promise<ApiNetwork[]> {
  return (await api.get(NETWORKS)).list('networks', isNetwork);
}

/** Answers all that were made of the range. */
export async function createNetworks(api: ApiClient, network: Fields): Promise<ApiNetwork[]> {
  const answer = await api.post(
    NETWORKS,
    { network },
    { 400: 'see novanet network create --help', 409: 'novanet network list shows what exists' },
  );
  const first = answer.one('network', isNetwork);
  return answer.has('networks') ? answer.list('networks', isNetwork) : [first];
}

/** @param changes null takes away */
export async function changeNetwork(api: ApiClient, uuid: string, changes: Fields): Promise<ApiNetwork> {
  const path = `${OURS}/${pathPart(uuid)}`;
  const waysOut: WaysOut = { 400: 'see novanet network modify --help' };
  return (await api.put(path, { network: changes }, waysOut)).one('network', isNetwork);
}

export async function convertNetwork(
  api: ApiClient,
  uuid: string,
  convert: { readonly multi_host: boolean; readonly host?: string },
): Promise<ApiNetwork> {
  return (await api.post(`${OURS}/${pathPart(uuid)}/action`, { convert })).one('network', isNetwork);
}

export async function deleteNetwork(api: ApiClient, { id, project_id: project }: ApiNetwork): Promise<void> {
  await api.delete(`${NETWORKS}/${pathPart(id)}`, {
    409: project
      ? `novanet network modify ${id} --disassociate-project does that`
      : `novanet fixed list --network ${id} --allocated shows which instances hold its addresses`,
  });
}

/** Its project loses it; whatever serves it goes on. */
export async function disassociateProject(api: ApiClient, uuid: string): Promise<void> {
  await api.post(`${NETWORKS}/${pathPart(uuid)}/action`, { disassociate_project: null });
}
