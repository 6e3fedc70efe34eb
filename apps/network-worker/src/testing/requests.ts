import type { NetworkDict, NetworkInfo } from '@novanet/contracts';
import { RemoteError } from '@novanet/messaging';
import type { TestWorker } from './test-worker.js';

/** The only network of a request; 10.0.0.0/24 unless told. */
export async function createNetwork(
  { call }: Pick<TestWorker, 'call'>,
  args: Record<string, unknown> = {},
): Promise<NetworkDict> {
  const answer = await call('create_networks', { label: 'private', cidr: '10.0.0.0/24', ...args });
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what JSON carried; the tests look at it
  return (answer as [NetworkDict])[0];
}

/** As nova-compute on compute1 asks. */
export function allocate(
  { call }: Pick<TestWorker, 'call'>,
  uuid: string,
  more: Record<string, unknown> = {},
): Promise<NetworkInfo> {
  const args = { instance_id: uuid, project_id: 'p', host: 'compute1', rxtx_factor: 1, vpn: false };
  const wanted = { ...args, macs: null, requested_networks: null, ...more };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what JSON carried; the tests look at it
  return call('allocate_for_instance', wanted) as Promise<NetworkInfo>;
}

/** The address of the first NIC. */
export const addressOf = (info: NetworkInfo) => info[0]?.network.subnets[0].ips[0]?.address;

/** What the caller gets instead of an answer. */
export async function failureOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof RemoteError) return `${error.className}: ${error.message}`;
    throw error;
  }
  return 'nothing was refused';
}
