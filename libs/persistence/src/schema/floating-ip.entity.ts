import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryGeneratedColumn, type Relation } from 'typeorm';
import { FixedIpEntity } from './fixed-ip.entity.js';

@Entity({ name: 'floating_ip_pools' })
@Index('uniq_floating_ip_pools_name', ['name'], { unique: true })
export class FloatingIpPoolEntity {
  @PrimaryGeneratedColumn({ type: 'int', unsigned: true })
  id!: number;

  @Column({ name: 'name', type: 'varchar', length: 255 })
  name!: string;
}

@Entity({ name: 'floating_ips' })
@Index('uniq_floating_ips_address', ['address'], { unique: true })
@Index('ix_floating_ips_pool_id_number', ['poolId', 'number'])
@Index('ix_floating_ips_pool_id_project_id_released_at', ['poolId', 'projectId', 'releasedAt'])
@Index('ix_floating_ips_fixed_ip_id', ['fixedIpId'])
@Index('ix_floating_ips_project_id', ['projectId'])
@Index('ix_floating_ips_host', ['host'])
export class FloatingIpEntity {
  @PrimaryGeneratedColumn({ type: 'int', unsigned: true })
  id!: number;

  @Column({ name: 'pool_id', type: 'int', unsigned: true })
  poolId!: number;

  @Column({ name: 'address', type: 'varchar', length: 39 })
  address!: string;

  @Column({ name: 'number', type: 'decimal', precision: 39, scale: 0 })
  number!: string;

  @Column({ name: 'fixed_ip_id', type: 'bigint', unsigned: true, nullable: true })
  fixedIpId!: string | null;

  @Column({ name: 'project_id', type: 'varchar', length: 255, nullable: true })
  projectId!: string | null;

  @Column({ name: 'host', type: 'varchar', length: 255, nullable: true })
  host!: string | null;

  @Column({ name: 'auto_assigned', type: 'boolean', default: false })
  isAutoAssigned!: boolean;

  @Column({ name: 'interface', type: 'varchar', length: 15, nullable: true })
  interface!: string | null;

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

  /** When a project gave it back; null: never used. */
  @Column({ name: 'released_at', type: 'datetime', precision: 6, nullable: true })
  releasedAt!: Date | null;

  @ManyToOne(() => FloatingIpPoolEntity, { nullable: false, onDelete: 'RESTRICT', onUpdate: 'RESTRICT' })
  @JoinColumn({
    name: 'pool_id',
    referencedColumnName: 'id',
    foreignKeyConstraintName: 'fk_floating_ips_pool',
  })
  pool!: Relation<FloatingIpPoolEntity>;

  @ManyToOne(() => FixedIpEntity, { nullable: true, onDelete: 'SET NULL', onUpdate: 'RESTRICT' })
  @JoinColumn({
    name: 'fixed_ip_id',
    referencedColumnName: 'id',
    foreignKeyConstraintName: 'fk_floating_ips_fixed_ip',
  })
  fixedIp!: Relation<FixedIpEntity> | null;
}
