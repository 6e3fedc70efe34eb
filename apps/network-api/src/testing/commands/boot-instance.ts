import type { TestApi } from '../test-api.js';

export const instanceOf = (number: number) => `c20f5eb7-3731-4401-bb46-73409f46ef0${number}`;

/** An instance `web1` of project `p1` on h1, in the network of its project, where it has asked for its address. */
export async function bootInstance(api: TestApi, number: number): Promise<void> {
  const known = { project_id: `p${number}`, host: 'h1' };
  const names = { hostname: `web${number}`, display_name: `web${number}` };
  await api.ask('PUT', `/v1/instances/${instanceOf(number)}`, { ...known, ...names });
  const args = { instance_id: instanceOf(number), ...known, rxtx_factor: 1, vpn: false };
  await api.tellWorker('allocate_for_instance', { ...args, requested_networks: null });
  await api.tellWorker('lease_fixed_ip', { address: `10.9${number}.0.3` });
}
