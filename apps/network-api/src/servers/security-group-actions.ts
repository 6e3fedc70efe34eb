import { BadRequestException, Injectable } from '@nestjs/common';
import { isRecord } from '@novanet/contracts';
import {
  DEFAULT_GROUP,
  SecurityGroupNotFoundForProject,
  type Instance,
  type SecurityGroup,
} from '@novanet/ipam';
import type { Requester } from '../auth/requester.js';
import { CloudDatabase } from '../database/cloud-database.js';
import { NetworkWorkers } from '../workers/network-workers.js';
import type { ActionRequest } from './server-action.js';
import { visibleInstance } from './visible-instance.js';

/** `addSecurityGroup` and `removeSecurityGroup`. */
@Injectable()
export class SecurityGroupActions {
  constructor(
    private readonly database: CloudDatabase,
    private readonly workers: NetworkWorkers,
  ) {}

  add(wanted: ActionRequest): Promise<void> {
    return this.change('add_security_group_member', wanted);
  }

  remove(wanted: ActionRequest): Promise<void> {
    return this.change('remove_security_group_member', wanted);
  }

  private async change(method: string, { by, serverId, args }: ActionRequest): Promise<void> {
    const name = groupNamed(args);
    const instance = await visibleInstance(this.database, by, serverId);
    const { id } = await this.find(by, instance, name);
    await this.workers.callOurs(by, method, { group_id: id, instance_uuid: instance.uuid });
  }

  /** By name or number: a text is a name first, a number is a number first (OpenStackClient sends no names). */
  private async find(
    by: Requester,
    { projectId }: Instance,
    wanted: string | number,
  ): Promise<SecurityGroup> {
    const text = String(wanted);
    if (projectId === null) throw new SecurityGroupNotFoundForProject(text, projectId);
    if (text === DEFAULT_GROUP) {
      // made by looking for it
      await this.workers.callOurs(by, 'list_security_groups', { project_id: projectId });
    }
    const [named, numbered] = await Promise.all([
      this.database.securityGroups.findByName(projectId, text),
      this.numbered(projectId, text),
    ]);
    const found = typeof wanted === 'number' ? (numbered ?? named) : (named ?? numbered);
    if (!found) throw new SecurityGroupNotFoundForProject(text, projectId);
    return found;
  }

  private async numbered(projectId: string, text: string): Promise<SecurityGroup | undefined> {
    if (!/^\d{1,15}$/.test(text)) return undefined;
    const group = await this.database.securityGroups.find(Number(text));
    return group?.projectId === projectId ? group : undefined;
  }
}

function groupNamed(args: unknown): string | number {
  if (!isRecord(args)) throw new BadRequestException('Missing parameter dict');
  const { name } = args;
  if (typeof name !== 'string' && typeof name !== 'number') {
    throw new BadRequestException('Security group not specified');
  }
  if (String(name).trim() === '') throw new BadRequestException('Security group name cannot be empty');
  return name;
}
