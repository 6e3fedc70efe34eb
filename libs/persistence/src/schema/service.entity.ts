import { Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';

@Entity({ name: 'services' })
@Index('uniq_services_host_binary', ['host', 'binary'], { unique: true })
export class ServiceEntity {
  @PrimaryGeneratedColumn({ type: 'int', unsigned: true })
  id!: number;

  @Column({ name: 'host', type: 'varchar', length: 255 })
  host!: string;

  @Column({ name: 'binary', type: 'varchar', length: 255 })
  binary!: string;

  @Column({ name: 'topic', type: 'varchar', length: 255 })
  topic!: string;

  @Column({ name: 'report_count', type: 'bigint', unsigned: true, default: 0 })
  reportCount!: string;

  @Column({ name: 'last_seen_at', type: 'datetime', precision: 6 })
  lastSeenAt!: Date;

  @Column({ name: 'forced_down', type: 'boolean', default: false })
  isForcedDown!: boolean;

  @Column({ name: 'disabled', type: 'boolean', default: false })
  isDisabled!: boolean;

  @Column({ name: 'disabled_reason', type: 'varchar', length: 255, nullable: true })
  disabledReason!: string | null;

  @Column({ name: 'created_at', type: 'datetime', precision: 6, default: () => 'CURRENT_TIMESTAMP(6)' })
  createdAt!: Date;
}
