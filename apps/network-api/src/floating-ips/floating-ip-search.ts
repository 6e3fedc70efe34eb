import { BadRequestException, ForbiddenException } from '@nestjs/common';
import type { FloatingIp, FloatingIpFilter } from '@novanet/ipam';
import { Ipv4 } from '@novanet/net-address';
import type { Requester } from '../auth/requester.js';
import { isYes } from '../networks/nova-types.js';
import type { FloatingIpQuery } from './floating-ip-query.dto.js';

/**
 * What the requester may see of what he asks for; those that came with an instance are not listed. Throws
 * ForbiddenException when it is another project's.
 */
export function searchOf(query: FloatingIpQuery, by: Requester): FloatingIpFilter {
  const { pool, ip, fixed_ip: fixedAddress, instance_id: instanceUuid } = query;
  return {
    isAutoAssigned: false,
    ...projectsOf(query, by),
    ...(pool !== undefined && { pool }),
    ...(ip !== undefined && { addresses: [Ipv4.parse(ip)] }),
    ...(fixedAddress !== undefined && { fixedAddress: Ipv4.parse(fixedAddress) }),
    ...(instanceUuid !== undefined && { instanceUuid: instanceUuid.toLowerCase() }),
  };
}

function projectsOf(
  { all_tenants: allTenants, project_id: projectId }: FloatingIpQuery,
  by: Requester,
): Pick<FloatingIpFilter, 'projectId' | 'isAllocated'> {
  const wantsAll = isYes(allTenants);
  if (!by.isAdmin && (wantsAll || (projectId !== undefined && projectId !== by.projectId))) {
    throw new ForbiddenException('Floating IPs of other projects are for administrators.');
  }
  if (wantsAll && projectId === undefined) return { isAllocated: true };
  return { projectId: projectId ?? by.projectId ?? '' };
}

/** A part of the list. Throws BadRequestException without the marker. */
export function pageOf(all: readonly FloatingIp[], { limit, marker }: FloatingIpQuery): FloatingIp[] {
  const at = marker === undefined ? -1 : all.findIndex(({ id }) => id === Number(marker));
  if (marker !== undefined && at < 0) throw new BadRequestException(`marker [${marker}] not found`);
  const rest = all.slice(at + 1);
  return limit === undefined ? rest : rest.slice(0, Number(limit));
}
