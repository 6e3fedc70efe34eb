import { Column, Entity, Index, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';

@Entity({ name: 'dns_domains' })
@Index('ix_dns_domains_project_id', ['projectId'])
export class DnsDomainEntity {
  @PrimaryColumn({ name: 'domain', type: 'varchar', length: 255 })
  domain!: string;

  @Column({ name: 'scope', type: 'varchar', length: 16 })
  scope!: string;

  @Column({ name: 'availability_zone', type: 'varchar', length: 255, nullable: true })
  availabilityZone!: string | null;

  @Column({ name: 'project_id', type: 'varchar', length: 255, nullable: true })
  projectId!: string | null;
}

@Entity({ name: 'dns_entries' })
@Index('uniq_dns_entries_domain_name', ['domain', 'name'], { unique: true })
@Index('ix_dns_entries_address', ['address'])
export class DnsEntryEntity {
  @PrimaryGeneratedColumn({ type: 'bigint', unsigned: true })
  id!: string;

  @Column({ name: 'domain', type: 'varchar', length: 255 })
  domain!: string;

  @Column({ name: 'name', type: 'varchar', length: 255 })
  name!: string;

  @Column({ name: 'type', type: 'varchar', length: 16 })
  type!: string;

  @Column({ name: 'address', type: 'varchar', length: 39 })
  address!: string;
}

@Entity({ name: 'quotas' })
export class QuotaEntity {
  @PrimaryColumn({ name: 'project_id', type: 'varchar', length: 255 })
  projectId!: string;

  @PrimaryColumn({ name: 'resource', type: 'varchar', length: 64 })
  resource!: string;

  @Column({ name: 'hard_limit', type: 'int', nullable: true })
  hardLimit!: number | null;
}

@Entity({ name: 'processed_requests' })
@Index('ix_processed_requests_created_at', ['createdAt'])
export class ProcessedRequestEntity {
  @PrimaryColumn({ name: 'unique_id', type: 'char', length: 32 })
  uniqueId!: string;

  /** JSON. */
  @Column({ name: 'reply', type: 'mediumtext' })
  reply!: string;

  @Column({ name: 'created_at', type: 'datetime', precision: 6, default: () => 'CURRENT_TIMESTAMP(6)' })
  createdAt!: Date;
}

/** A row to lock where there is no row of one's own yet. */
@Entity({ name: 'mutexes' })
export class MutexEntity {
  @PrimaryColumn({ name: 'name', type: 'varchar', length: 64 })
  name!: string;
}
