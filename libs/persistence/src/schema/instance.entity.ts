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

@Entity({ name: 'instances' })
@Index('uniq_instances_uuid', ['uuid'], { unique: true })
@Index('ix_instances_project_id', ['projectId'])
@Index('ix_instances_host', ['host'])
export class InstanceEntity {
  @PrimaryGeneratedColumn({ type: 'bigint', unsigned: true })
  id!: string;

  @Column({ name: 'uuid', type: 'char', length: 36 })
  uuid!: string;

  @Column({ name: 'compute_id', type: 'bigint', unsigned: true, nullable: true })
  computeId!: string | null;

  @Column({ name: 'project_id', type: 'varchar', length: 255, nullable: true })
  projectId!: string | null;

  @Column({ name: 'user_id', type: 'varchar', length: 255, nullable: true })
  userId!: string | null;

  @Column({ name: 'host', type: 'varchar', length: 255, nullable: true })
  host!: string | null;

  @Column({ name: 'display_name', type: 'varchar', length: 255, nullable: true })
  displayName!: string | null;

  @Column({ name: 'hostname', type: 'varchar', length: 255 })
  hostname!: string;

  @Column({ name: 'availability_zone', type: 'varchar', length: 255, nullable: true })
  availabilityZone!: string | null;

  @Column({ name: 'launch_index', type: 'int', default: 0 })
  launchIndex!: number;

  @Column({ name: 'reservation_id', type: 'varchar', length: 255, nullable: true })
  reservationId!: string | null;

  @Column({ name: 'instance_type', type: 'varchar', length: 255, nullable: true })
  instanceType!: string | null;

  @Column({ name: 'ami_id', type: 'varchar', length: 255, nullable: true })
  amiId!: string | null;

  @Column({ name: 'kernel_id', type: 'varchar', length: 255, nullable: true })
  kernelId!: string | null;

  @Column({ name: 'ramdisk_id', type: 'varchar', length: 255, nullable: true })
  ramdiskId!: string | null;

  @Column({ name: 'key_name', type: 'varchar', length: 255, nullable: true })
  keyName!: string | null;

  @Column({ name: 'public_key', type: 'mediumtext', nullable: true })
  publicKey!: string | null;

  @Column({ name: 'user_data', type: 'mediumtext', nullable: true })
  userData!: string | null;

  /** JSON object. */
  @Column({ name: 'meta', type: 'mediumtext' })
  meta!: string;

  /** JSON list. */
  @Column({ name: 'security_groups', type: 'mediumtext' })
  securityGroups!: string;

  @Column({ name: 'is_registered', type: 'boolean', default: false })
  isRegistered!: boolean;

  /** Whether security_group_members lists its groups; otherwise it is in its project's group "default". */
  @Column({ name: 'groups_listed', type: 'boolean', default: false })
  areGroupsListed!: boolean;

  /** When the newest was said of what notifications tell; as exact as a Date, so that they can be compared. */
  @Column({ name: 'observed_at', type: 'datetime', precision: 3, nullable: true })
  observedAt!: Date | null;

  /** Encrypted by the instance itself. Read by those alone who ask for it. */
  @Column({ name: 'password', type: 'text', nullable: true, select: false })
  password?: string | null;

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

/** An instance that is on its way to a host. */
@Entity({ name: 'expected_instances' })
@Index('ix_expected_instances_instance_uuid', ['instanceUuid'])
export class ExpectedInstanceEntity {
  @PrimaryColumn({ name: 'host', type: 'varchar', length: 255 })
  host!: string;

  @PrimaryColumn({ name: 'instance_uuid', type: 'char', length: 36 })
  instanceUuid!: string;

  @ManyToOne(() => InstanceEntity, { nullable: false, onDelete: 'CASCADE', onUpdate: 'RESTRICT' })
  @JoinColumn({
    name: 'instance_uuid',
    referencedColumnName: 'uuid',
    foreignKeyConstraintName: 'fk_expected_instances_instance',
  })
  instance!: Relation<InstanceEntity>;
}
