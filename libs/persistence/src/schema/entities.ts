import { FixedIpEntity, VirtualInterfaceEntity } from './fixed-ip.entity.js';
import { FloatingIpEntity, FloatingIpPoolEntity } from './floating-ip.entity.js';
import { InstanceEntity } from './instance.entity.js';
import { NetworkEntity, SubnetCursorEntity, SubnetEntity } from './network.entity.js';
import {
  ProviderFirewallRuleEntity,
  SecurityGroupDefaultRuleEntity,
  SecurityGroupEntity,
  SecurityGroupMemberEntity,
  SecurityGroupRuleEntity,
} from './security-group.entity.js';
import { ServiceEntity } from './service.entity.js';
import { DnsDomainEntity, MutexEntity, ProcessedRequestEntity, QuotaEntity } from './support.entity.js';

/** Every table but TypeORM's own. */
export const entities = [
  DnsDomainEntity,
  FixedIpEntity,
  FloatingIpEntity,
  FloatingIpPoolEntity,
  InstanceEntity,
  MutexEntity,
  NetworkEntity,
  ProcessedRequestEntity,
  ProviderFirewallRuleEntity,
  QuotaEntity,
  SecurityGroupDefaultRuleEntity,
  SecurityGroupEntity,
  SecurityGroupMemberEntity,
  SecurityGroupRuleEntity,
  ServiceEntity,
  SubnetCursorEntity,
  SubnetEntity,
  VirtualInterfaceEntity,
];
