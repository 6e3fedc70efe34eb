import {
  Column,
  Entity,
  Index,
  JoinColumn,
  ManyToOne,
  PrimaryColumn,
  PrimaryGeneratedColumn,
  type Relation,
} from 'typeorm';
import { InstanceEntity } from './instance.entity.js';

@Entity({ name: 'security_groups' })
@Index('uniq_security_groups_project_id_name', ['projectId', 'name'], { unique: true })
export class SecurityGroupEntity {
  @PrimaryGeneratedColumn({ type: 'int', unsigned: true })
  id!: number;

  @Column({ name: 'project_id', type: 'varchar', length: 255 })
  projectId!: string;

  @Column({ name: 'user_id', type: 'varchar', length: 255, nullable: true })
  userId!: string | null;

  @Column({ name: 'name', type: 'varchar', length: 255 })
  name!: string;

  @Column({ name: 'description', type: 'varchar', length: 255, nullable: true })
  description!: string | null;

  @Column({ name: 'created_at', type: 'datetime', precision: 6, default: () => 'CURRENT_TIMESTAMP(6)' })
  createdAt!: Date;

  @Column({
    name: 'updated_at',
    type: 'datetime',
    precision: 6,
    nullable: true,
    onUpdate: 'CURRENT_TIMESTAMP(6)',
  })
  updatedAt!: Date | null;
}

@Entity({ name: 'security_group_rules' })
@Index('ix_security_group_rules_parent_group_id', ['parentGroupId'])
@Index('ix_security_group_rules_group_id', ['groupId'])
export class SecurityGroupRuleEntity {
  @PrimaryGeneratedColumn({ type: 'int', unsigned: true })
  id!: number;

  @Column({ name: 'parent_group_id', type: 'int', unsigned: true })
  parentGroupId!: number;

  @Column({ name: 'protocol', type: 'varchar', length: 8, nullable: true })
  protocol!: string | null;

  @Column({ name: 'from_port', type: 'int', nullable: true })
  fromPort!: number | null;

  @Column({ name: 'to_port', type: 'int', nullable: true })
  toPort!: number | null;

  @Column({ name: 'cidr', type: 'varchar', length: 43, nullable: true })
  cidr!: string | null;

  @Column({ name: 'group_id', type: 'int', unsigned: true, nullable: true })
  groupId!: number | null;

  @Column({ name: 'created_at', type: 'datetime', precision: 6, default: () => 'CURRENT_TIMESTAMP(6)' })
  createdAt!: Date;

  @ManyToOne(() => SecurityGroupEntity, { nullable: false, onDelete: 'CASCADE', onUpdate: 'RESTRICT' })
  @JoinColumn({
    name: 'parent_group_id',
    referencedColumnName: 'id',
    foreignKeyConstraintName: 'fk_security_group_rules_parent_group',
  })
  parentGroup!: Relation<SecurityGroupEntity>;

  @ManyToOne(() => SecurityGroupEntity, { nullable: true, onDelete: 'CASCADE', onUpdate: 'RESTRICT' })
  @JoinColumn({
    name: 'group_id',
    referencedColumnName: 'id',
    foreignKeyConstraintName: 'fk_security_group_rules_group',
  })
  group!: Relation<SecurityGroupEntity> | null;
}

@Entity({ name: 'security_group_members' })
@Index('ix_security_group_members_instance_uuid', ['instanceUuid'])
export class SecurityGroupMemberEntity {
  @PrimaryColumn({ name: 'security_group_id', type: 'int', unsigned: true })
  securityGroupId!: number;

  @PrimaryColumn({ name: 'instance_uuid', type: 'char', length: 36 })
  instanceUuid!: string;

  @ManyToOne(() => SecurityGroupEntity, { nullable: false, onDelete: 'CASCADE', onUpdate: 'RESTRICT' })
  @JoinColumn({
    name: 'security_group_id',
    referencedColumnName: 'id',
    foreignKeyConstraintName: 'fk_security_group_members_group',
  })
  group!: Relation<SecurityGroupEntity>;

  @ManyToOne(() => InstanceEntity, { nullable: false, onDelete: 'CASCADE', onUpdate: 'RESTRICT' })
  @JoinColumn({
    name: 'instance_uuid',
    referencedColumnName: 'uuid',
    foreignKeyConstraintName: 'fk_security_group_members_instance',
  })
  instance!: Relation<InstanceEntity>;
}

@Entity({ name: 'security_group_default_rules' })
export class SecurityGroupDefaultRuleEntity {
  @PrimaryGeneratedColumn({ type: 'int', unsigned: true })
  id!: number;

  @Column({ name: 'protocol', type: 'varchar', length: 8, nullable: true })
  protocol!: string | null;

  @Column({ name: 'from_port', type: 'int', nullable: true })
  fromPort!: number | null;

  @Column({ name: 'to_port', type: 'int', nullable: true })
  toPort!: number | null;

  @Column({ name: 'cidr', type: 'varchar', length: 43, nullable: true })
  cidr!: string | null;
}

@Entity({ name: 'provider_firewall_rules' })
export class ProviderFirewallRuleEntity {
  @PrimaryGeneratedColumn({ type: 'int', unsigned: true })
  id!: number;

  @Column({ name: 'protocol', type: 'varchar', length: 8, nullable: true })
  protocol!: string | null;

  @Column({ name: 'from_port', type: 'int', nullable: true })
  fromPort!: number | null;

  @Column({ name: 'to_port', type: 'int', nullable: true })
  toPort!: number | null;

  @Column({ name: 'cidr', type: 'varchar', length: 43, nullable: true })
  cidr!: string | null;
}
