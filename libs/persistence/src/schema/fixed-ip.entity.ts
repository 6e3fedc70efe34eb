import type { FixedIpRole } from '@novanet/ipam';
import {
  Column,
  Entity,
  Index,
  JoinColumn,
  ManyToOne,
  OneToMany,
  PrimaryGeneratedColumn,
  type Relation,
} from 'typeorm';
import { InstanceEntity } from './instance.entity.js';
import { NetworkEntity, SubnetEntity } from './network.entity.js';

@Entity({ name: 'virtual_interfaces' })
@Index('uniq_virtual_interfaces_uuid', ['uuid'], { unique: true })
@Index('uniq_virtual_interfaces_mac', ['mac'], { unique: true })
@Index('uniq_virtual_interfaces_instance_uuid_network_id', ['instanceUuid', 'networkId'], { unique: true })
@Index('ix_virtual_interfaces_network_id', ['networkId'])
export class VirtualInterfaceEntity {
  @PrimaryGeneratedColumn({ type: 'bigint', unsigned: true })
  id!: string;

  @Column({ name: 'uuid', type: 'char', length: 36 })
  uuid!: string;

  @Column({ name: 'mac', type: 'char', length: 17 })
  mac!: string;

  @Column({ name: 'network_id', type: 'int', unsigned: true })
  networkId!: number;

  @Column({ name: 'instance_uuid', type: 'char', length: 36 })
  instanceUuid!: string;

  /** Whether somebody was told of it. */
  @Column({ name: 'confirmed', type: 'boolean', default: false })
  isConfirmed!: boolean;

  @Column({ name: 'created_at', type: 'datetime', precision: 6, default: () => 'CURRENT_TIMESTAMP(6)' })
  createdAt!: Date;

  @ManyToOne(() => NetworkEntity, { nullable: false, onDelete: 'RESTRICT', onUpdate: 'RESTRICT' })
  @JoinColumn({
    name: 'network_id',
    referencedColumnName: 'id',
    foreignKeyConstraintName: 'fk_virtual_interfaces_network',
  })
  network!: Relation<NetworkEntity>;

  @ManyToOne(() => InstanceEntity, { nullable: false, onDelete: 'RESTRICT', onUpdate: 'RESTRICT' })
  @JoinColumn({
    name: 'instance_uuid',
    referencedColumnName: 'uuid',
    foreignKeyConstraintName: 'fk_virtual_interfaces_instance',
  })
  instance!: Relation<InstanceEntity>;

  @OneToMany(() => FixedIpEntity, (fixedIp) => fixedIp.vif)
  fixedIps!: FixedIpEntity[];
}

@Entity({ name: 'fixed_ips' })
@Index('uniq_fixed_ips_subnet_id_number', ['subnetId', 'number'], { unique: true })
@Index('uniq_fixed_ips_subnet_id_host', ['subnetId', 'host'], { unique: true })
@Index('ix_fixed_ips_address', ['address'])
@Index('ix_fixed_ips_vif_id', ['vifId'])
@Index('ix_fixed_ips_instance_uuid', ['instanceUuid'])
@Index('ix_fixed_ips_allocated_updated_at', ['isAllocated', 'updatedAt'])
export class FixedIpEntity {
  @PrimaryGeneratedColumn({ type: 'bigint', unsigned: true })
  id!: string;

  @Column({ name: 'subnet_id', type: 'int', unsigned: true })
  subnetId!: number;

  /** Canonical text, for operators; {@link number} is what is compared and counted. */
  @Column({ name: 'address', type: 'varchar', length: 39 })
  address!: string;

  @Column({ name: 'number', type: 'decimal', precision: 39, scale: 0 })
  number!: string;

  @Column({ name: 'role', type: 'varchar', length: 16 })
  role!: FixedIpRole;

  @Column({ name: 'vif_id', type: 'bigint', unsigned: true, nullable: true })
  vifId!: string | null;

  @Column({ name: 'instance_uuid', type: 'char', length: 36, nullable: true })
  instanceUuid!: string | null;

  @Column({ name: 'host', type: 'varchar', length: 255, nullable: true })
  host!: string | null;

  @Column({ name: 'allocated', type: 'boolean', default: false })
  isAllocated!: boolean;

  @Column({ name: 'leased', type: 'boolean', default: false })
  isLeased!: boolean;

  @Column({ name: 'lease_mac', type: 'char', length: 17, nullable: true })
  leaseMac!: string | null;

  @Column({ name: 'lease_host', type: 'varchar', length: 255, nullable: true })
  leaseHost!: string | null;

  @Column({ name: 'lease_expires_at', type: 'datetime', precision: 6, nullable: true })
  leaseExpiresAt!: Date | null;

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

  @ManyToOne(() => SubnetEntity, { nullable: false, onDelete: 'CASCADE', onUpdate: 'RESTRICT' })
  @JoinColumn({
    name: 'subnet_id',
    referencedColumnName: 'id',
    foreignKeyConstraintName: 'fk_fixed_ips_subnet',
  })
  subnet!: Relation<SubnetEntity>;

  @ManyToOne(() => VirtualInterfaceEntity, (vif) => vif.fixedIps, {
    nullable: true,
    onDelete: 'RESTRICT',
    onUpdate: 'RESTRICT',
  })
  @JoinColumn({ name: 'vif_id', referencedColumnName: 'id', foreignKeyConstraintName: 'fk_fixed_ips_vif' })
  vif!: Relation<VirtualInterfaceEntity> | null;
}
