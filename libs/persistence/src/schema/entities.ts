import { FixedIpEntity, VirtualInterfaceEntity } from './fixed-ip.entity.js';
import { FloatingIpEntity, FloatingIpPoolEntity } from './floating-ip.entity.js';
import { ExpectedInstanceEntity, InstanceEntity } from './instance.entity.js';
import { NetworkEntity, SubnetCursorEntity, SubnetEntity } from './network.entity.js';
import {
  ProviderFirewallRuleEntity,
  SecurityGroupDefaultRuleEntity,
  SecurityGroupEntity,
  SecurityGroupMemberEntity,
  SecurityGroupRuleEntity,
} from './security-group.entity.js';
import { ServiceEntity } from './service.entity.js';
import {
  DnsDomainEntity,
  DnsEntryEntity,
  MutexEntity,
  ProcessedRequestEntity,
  QuotaEntity,
} from './support.entity.js';

/** Every table but TypeORM's own. */
export const entities = [
  DnsDomainEntity,
  DnsEntryEntity,
  ExpectedInstanceEntity,
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
