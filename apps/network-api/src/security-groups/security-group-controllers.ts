import { DefaultGroupRuleController } from './default-group-rule.controller.js';
import { SecurityGroupController } from './security-group.controller.js';
import { SecurityGroupRuleController } from './security-group-rule.controller.js';
import { ServerSecurityGroupController } from './server-security-group.controller.js';

/** All that answers requests about security groups. */
export const securityGroupControllers = [
  SecurityGroupController,
  SecurityGroupRuleController,
  DefaultGroupRuleController,
  ServerSecurityGroupController,
];
