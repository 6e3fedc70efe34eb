import type { Instance, InstanceRegistration } from '@novanet/ipam';
import { parseHostName } from '@novanet/net-address';
import { plainDateTime } from '../wire/date-time.js';
import type { PutInstanceDto } from './instance-arguments.js';

/** An instance as `put_instance` and `GET /v1/instances/{uuid}` answer it. */
export function instanceDict(instance: Instance) {
  return {
    id: instance.id,
    uuid: instance.uuid,
    compute_id: instance.computeId,
    project_id: instance.projectId,
    user_id: instance.userId,
    host: instance.host,
    display_name: instance.displayName,
    hostname: instance.hostname,
    availability_zone: instance.availabilityZone,
    launch_index: instance.launchIndex,
    reservation_id: instance.reservationId,
    instance_type: instance.instanceType,
    ami_id: instance.amiId,
    kernel_id: instance.kernelId,
    ramdisk_id: instance.ramdiskId,
    key_name: instance.keyName,
    public_key: instance.publicKey,
    user_data: instance.userData,
    meta: instance.meta,
    security_groups: instance.securityGroups,
    registered: instance.isRegistered,
    created_at: plainDateTime(instance.createdAt),
    updated_at: plainDateTime(instance.updatedAt),
  };
}

export type InstanceDict = ReturnType<typeof instanceDict>;

export function instanceRegistration(dto: PutInstanceDto): InstanceRegistration {
  return {
    uuid: dto.uuid,
    computeId: dto.compute_id ?? null,
    projectId: dto.project_id ?? null,
    userId: dto.user_id ?? null,
    host: dto.host ? parseHostName(dto.host) : null,
    displayName: dto.display_name ?? null,
    hostname: dto.hostname ?? null,
    availabilityZone: dto.availability_zone ?? null,
    launchIndex: dto.launch_index ?? 0,
    reservationId: dto.reservation_id ?? null,
    instanceType: dto.instance_type ?? null,
    amiId: dto.ami_id ?? null,
    kernelId: dto.kernel_id ?? null,
    ramdiskId: dto.ramdisk_id ?? null,
    keyName: dto.key_name ?? null,
    publicKey: dto.public_key ?? null,
    userData: dto.user_data ?? null,
    meta: dto.meta ?? {},
    securityGroups: dto.security_groups ?? [],
  };
}
