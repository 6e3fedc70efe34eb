import { Injectable } from '@nestjs/common';
import { DEFAULT_GROUP, type SecurityGroup, SecurityGroupNotFound } from '@novanet/ipam';
import type { Requester } from '../auth/requester.js';
import { CloudDatabase } from '../database/cloud-database.js';
import { NetworkWorkers } from '../workers/network-workers.js';
import { noSuchRule } from './refusals.js';

/** The security groups that somebody may know of: those of his project, an administrator all. */
@Injectable()
export class KnownGroups {
  constructor(
    private readonly database: CloudDatabase,
    private readonly workers: NetworkWorkers,
  ) {}

  /** By project, then name: of his project, or of all, which are an administrator's to see. */
  async list(by: Requester, wantsAll: boolean): Promise<SecurityGroup[]> {
    const { projectId } = by;
    if (projectId !== null) await this.ensureDefault(by, projectId);
    if (wantsAll && by.isAdmin) return this.database.securityGroups.list();
    return projectId === null ? [] : this.database.securityGroups.list(projectId);
  }

  /** Throws SecurityGroupNotFound. */
  async get(by: Requester, groupId: number): Promise<SecurityGroup> {
    const group = await this.database.securityGroups.find(groupId);
    if (!group || !isKnownTo(by, group)) throw new SecurityGroupNotFound(groupId);
    return group;
  }

  /** The group that has the rule. */
  async withRule(by: Requester, ruleId: number): Promise<SecurityGroup> {
    const group = await this.database.securityGroups.findByRule(ruleId);
    if (!group || !isKnownTo(by, group)) throw noSuchRule(ruleId);
    return group;
  }

  /** Every project has a group "default". It is made when somebody looks for it first; nova writes at every look. */
  async ensureDefault(by: Requester, projectId: string): Promise<void> {
    if (await this.database.securityGroups.findByName(projectId, DEFAULT_GROUP)) return;
    await this.workers.callOurs(by, 'list_security_groups', { project_id: projectId });
  }
}

/** An administrator knows everything, others what is of their project. */
export function isKnownTo(by: Requester, { projectId }: { readonly projectId: string | null }): boolean {
  return by.isAdmin || (projectId !== null && projectId === by.projectId);
}
