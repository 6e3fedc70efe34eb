import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity({ name: 'services' })
export class ServiceEntity {
  @PrimaryColumn({ name: 'host', type: 'varchar', length: 255 })
  host!: string;

  @PrimaryColumn({ name: 'binary', type: 'varchar', length: 255 })
  binary!: string;

  @Column({ name: 'topic', type: 'varchar', length: 255 })
  topic!: string;

  @Column({ name: 'report_count', type: 'bigint', unsigned: true, default: 0 })
  reportCount!: string;

  @Column({ name: 'last_seen_at', type: 'datetime', precision: 6 })
  lastSeenAt!: Date;

  @Column({ name: 'forced_down', type: 'boolean', default: false })
  isForcedDown!: boolean;

  @Column({ name: 'created_at', type: 'datetime', precision: 6, default: () => 'CURRENT_TIMESTAMP(6)' })
  createdAt!: Date;
}
