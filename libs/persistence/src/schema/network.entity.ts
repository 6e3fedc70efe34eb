import {
  Column,
  Entity,
  Index,
  JoinColumn,
  ManyToOne,
  OneToMany,
  PrimaryColumn,
  PrimaryGeneratedColumn,
  type Relation,
} from 'typeorm';

@Entity({ name: 'networks' })
@Index('uniq_networks_uuid', ['uuid'], { unique: true })
@Index('uniq_networks_vlan', ['vlan'], { unique: true })
@Index('ix_networks_project_id', ['projectId'])
@Index('ix_networks_host', ['host'])
export class NetworkEntity {
  @PrimaryGeneratedColumn({ type: 'int', unsigned: true })
  id!: number;

  @Column({ name: 'uuid', type: 'char', length: 36 })
  uuid!: string;

  @Column({ name: 'label', type: 'varchar', length: 255 })
  label!: string;

  @Column({ name: 'project_id', type: 'varchar', length: 255, nullable: true })
  projectId!: string | null;

  @Column({ name: 'host', type: 'varchar', length: 255, nullable: true })
  host!: string | null;

  @Column({ name: 'multi_host', type: 'boolean' })
  isMultiHost!: boolean;

  @Column({ name: 'injected', type: 'boolean' })
  isInjected!: boolean;

  @Column({ name: 'bridge', type: 'varchar', length: 15, nullable: true })
  bridge!: string | null;

  @Column({ name: 'bridge_interface', type: 'varchar', length: 15, nullable: true })
  bridgeInterface!: string | null;

  @Column({ name: 'vlan', type: 'int', nullable: true })
  vlan!: number | null;

  @Column({ name: 'priority', type: 'int', nullable: true })
  priority!: number | null;

  @Column({ name: 'vpn_public_address', type: 'varchar', length: 39, nullable: true })
  vpnPublicAddress!: string | null;

  @Column({ name: 'vpn_public_port', type: 'int', nullable: true })
  vpnPublicPort!: number | null;

  @Column({ name: 'vpn_private_address', type: 'varchar', length: 39, nullable: true })
  vpnPrivateAddress!: string | null;

  @Column({ name: 'dns1', type: 'varchar', length: 39, nullable: true })
  dns1!: string | null;

  @Column({ name: 'dns2', type: 'varchar', length: 39, nullable: true })
  dns2!: string | null;

  @Column({ name: 'mtu', type: 'int', nullable: true })
  mtu!: number | null;

  @Column({ name: 'enable_dhcp', type: 'boolean' })
  enableDhcp!: boolean;

  @Column({ name: 'share_address', type: 'boolean' })
  shareAddress!: boolean;

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

  @OneToMany(() => SubnetEntity, (subnet) => subnet.network)
  subnets!: SubnetEntity[];
}

@Entity({ name: 'subnets' })
@Index('uniq_subnets_network_id_cidr', ['networkId', 'cidr'], { unique: true })
@Index('ix_subnets_cidr', ['cidr'])
export class SubnetEntity {
  @PrimaryGeneratedColumn({ type: 'int', unsigned: true })
  id!: number;

  @Column({ name: 'network_id', type: 'int', unsigned: true })
  networkId!: number;

  @Column({ name: 'version', type: 'tinyint', unsigned: true })
  version!: number;

  @Column({ name: 'cidr', type: 'varchar', length: 43 })
  cidr!: string;

  @Column({ name: 'first_number', type: 'decimal', precision: 39, scale: 0 })
  firstNumber!: string;

  @Column({ name: 'last_number', type: 'decimal', precision: 39, scale: 0 })
  lastNumber!: string;

  @Column({ name: 'gateway', type: 'varchar', length: 39, nullable: true })
  gateway!: string | null;

  @Column({ name: 'dhcp_server', type: 'varchar', length: 39, nullable: true })
  dhcpServer!: string | null;

  @Column({ name: 'dhcp_start', type: 'varchar', length: 39, nullable: true })
  dhcpStart!: string | null;

  @Column({ name: 'pool_first', type: 'varchar', length: 39, nullable: true })
  poolFirst!: string | null;

  @Column({ name: 'pool_last', type: 'varchar', length: 39, nullable: true })
  poolLast!: string | null;

  @ManyToOne(() => NetworkEntity, (network) => network.subnets, {
    nullable: false,
    onDelete: 'CASCADE',
    onUpdate: 'RESTRICT',
  })
  @JoinColumn({
    name: 'network_id',
    referencedColumnName: 'id',
    foreignKeyConstraintName: 'fk_subnets_network',
  })
  network!: Relation<NetworkEntity>;
}

/** Where the ring of free addresses stands. */
@Entity({ name: 'subnet_cursors' })
export class SubnetCursorEntity {
  @PrimaryColumn({ name: 'subnet_id', type: 'int', unsigned: true })
  subnetId!: number;

  @Column({ name: 'next_offset', type: 'bigint', unsigned: true, default: 0 })
  nextOffset!: string;

  @ManyToOne(() => SubnetEntity, { nullable: false, onDelete: 'CASCADE', onUpdate: 'RESTRICT' })
  @JoinColumn({
    name: 'subnet_id',
    referencedColumnName: 'id',
    foreignKeyConstraintName: 'fk_subnet_cursors_subnet',
  })
  subnet!: Relation<SubnetEntity>;
}
