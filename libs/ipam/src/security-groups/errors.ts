import { NetworkServiceError } from '../errors.js';

export class SecurityGroupNotFound extends NetworkServiceError {
  constructor(groupId: number | string) {
    super('not-found', `Security group ${groupId} not found.`, { security_group_id: groupId });
  }
}

export class SecurityGroupNotFoundForProject extends NetworkServiceError {
  constructor(groupId: number | string, projectId: string | null) {
    super('not-found', `Security group ${groupId} not found for project ${projectId}.`, {
      security_group_id: groupId,
      project_id: projectId,
    });
  }
}

export class SecurityGroupNotFoundForRule extends NetworkServiceError {
  constructor(ruleId: number) {
    super('not-found', `Security group with rule ${ruleId} not found.`, { rule_id: ruleId });
  }
}

export class SecurityGroupExists extends NetworkServiceError {
  constructor(name: string, projectId: string) {
    super('invalid', `Security group ${name} already exists for project ${projectId}.`, {
      security_group_name: name,
      project_id: projectId,
    });
  }
}

export class SecurityGroupRuleExists extends NetworkServiceError {
  constructor(rule: string, groupId: number) {
    super('invalid', `Rule already exists in group: ${rule}`, { rule, parent_group_id: groupId });
  }
}

export class SecurityGroupExistsForInstance extends NetworkServiceError {
  constructor(groupId: number, instanceId: string) {
    super('invalid', `Security group ${groupId} is already associated with the instance ${instanceId}`, {
      security_group_id: groupId,
      instance_id: instanceId,
    });
  }
}

export class SecurityGroupNotExistsForInstance extends NetworkServiceError {
  constructor(groupId: number, instanceId: string) {
    super('invalid', `Security group ${groupId} is not associated with the instance ${instanceId}`, {
      security_group_id: groupId,
      instance_id: instanceId,
    });
  }
}

/** nova has the text without a class of its own. */
export class SecurityGroupInUse extends NetworkServiceError {
  constructor() {
    super('invalid', 'Security group is still in use');
  }
}

/** The group "default" stays what it is called. nova has the text without a class of its own. */
export class SystemSecurityGroup extends NetworkServiceError {
  constructor(operation: 'update' | 'delete') {
    super('invalid', `Unable to ${operation} system group 'default'`);
  }
}

export class SecurityGroupLimitExceeded extends NetworkServiceError {
  constructor() {
    super('exhausted', 'Maximum number of security groups or rules exceeded');
  }
}

export class SecurityGroupDefaultRuleNotFound extends NetworkServiceError {
  constructor(ruleId: number) {
    super('not-found', `Security group default rule (${ruleId}) not found.`, { rule_id: ruleId });
  }
}

/** nova has the text without a class of its own. */
export class SecurityGroupDefaultRuleExists extends NetworkServiceError {
  constructor() {
    super('conflict', 'This default rule already exists.');
  }
}

export class ProviderFirewallRuleNotFound extends NetworkServiceError {
  constructor(ruleId: number) {
    super('not-found', `Provider firewall rule ${ruleId} not found.`, { rule_id: ruleId });
  }
}

export class ProviderFirewallRuleExists extends NetworkServiceError {
  constructor() {
    super('conflict', 'This provider firewall rule already exists.');
  }
}

export class InvalidPortRange extends NetworkServiceError {
  constructor(fromPort: number, toPort: number, msg: string) {
    super('invalid', `Invalid port range ${fromPort}:${toPort}. ${msg}`, {
      from_port: fromPort,
      to_port: toPort,
      msg,
    });
  }
}

export class InvalidIpProtocol extends NetworkServiceError {
  constructor(protocol: string) {
    super('invalid', `Invalid IP protocol ${protocol}.`, { protocol });
  }
}

/** nova has the texts without a class of its own. */
export class InvalidSecurityGroupRule extends NetworkServiceError {
  constructor(message: string) {
    super('invalid', message);
  }
}
