import { LabError } from '../plan/lab-error.js';
import type { MessageBus } from './message-bus.js';

/** What a rule lets in; ICMP has type and code for ports. */
export interface CidrRule {
  readonly ip_protocol: string;
  readonly from_port: number;
  readonly to_port: number;
  readonly cidr: string;
}

export interface SecurityGroup {
  readonly id: number;
  readonly name: string;
  /** Of groups as well: such a rule has no cidr. */
  readonly rules: readonly Partial<Readonly<Record<keyof CidrRule, unknown>>>[];
}

const ours = { version: '1.0', namespace: 'novanet' };

/** What nova-api does with security groups, over AMQP. Every method throws LabError. */
export class SecurityGroups {
  constructor(private readonly bus: MessageBus) {}

  /** The one that instances of the project are in unless somebody says otherwise. */
  async defaultGroup(projectId: string): Promise<SecurityGroup> {
    const answer = await this.bus.call(ours, 'list_security_groups', { project_id: projectId });
    const groups: unknown[] = Array.isArray(answer) ? answer : [];
    const group = groups.filter(isGroup).find(({ name }) => name === 'default');
    if (!group) throw new LabError(`project ${projectId} has no security group "default".`);
    return group;
  }

  async addRule(groupId: number, rule: CidrRule): Promise<void> {
    await this.bus.call(ours, 'add_security_group_rules', { group_id: groupId, rules: [rule] });
  }
}

function isGroup(value: unknown): value is SecurityGroup {
  return typeof value === 'object' && value !== null && 'id' in value && 'name' in value && 'rules' in value;
}
