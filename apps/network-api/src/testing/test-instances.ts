import type { InstanceRegistration } from '@novanet/ipam';
import { Ipv4, parseHostName } from '@novanet/net-address';
import type { TestApi } from './test-api.js';

/** An instance of a project on the worker's host, without addresses. */
export function registerInstance(
  { ipam }: TestApi,
  uuid: string,
  projectId: string,
  more: Partial<InstanceRegistration> = {},
) {
  return ipam.instances.register({
    uuid,
    computeId: null,
    projectId,
    userId: 'u1',
    host: parseHostName('h1'),
    displayName: null,
    hostname: null,
    availabilityZone: null,
    launchIndex: 0,
    reservationId: null,
    instanceType: null,
    amiId: null,
    kernelId: null,
    ramdiskId: null,
    keyName: null,
    publicKey: null,
    userData: null,
    meta: {},
    securityGroups: [],
    ...more,
  });
}

/** Adds floating IPs to the pool "nova", and gives them to the project. */
export async function giveFloatingIps(
  { ipam }: TestApi,
  projectId: string,
  addresses: readonly string[],
  { isAutoAssigned = false }: { readonly isAutoAssigned?: boolean } = {},
): Promise<void> {
  for (const text of addresses) {
    await ipam.floatingIpPools.grow({ pool: 'nova', addresses: [Ipv4.parse(text)], interface: null });
    await ipam.floatingIps.allocate({ projectId, isAutoAssigned, pool: 'nova', restSeconds: 0, limit: -1 });
  }
}
