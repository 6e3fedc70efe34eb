import {
  TableColumn,
  TableIndex,
  type MigrationInterface,
  type QueryRunner,
  type TableColumnOptions,
} from 'typeorm';

const TABLE_OPTIONS = 'ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin';

/** Table → columns and keys. */
const tables: readonly (readonly [table: string, definition: string])[] = [
  // An instance that is on its way to a host, which therefore has to serve it already.
  [
    'expected_instances',
    `host VARCHAR(255) NOT NULL,
     instance_uuid CHAR(36) NOT NULL,
     PRIMARY KEY (host, instance_uuid),
     KEY ix_expected_instances_instance_uuid (instance_uuid),
     CONSTRAINT fk_expected_instances_instance
       FOREIGN KEY (instance_uuid) REFERENCES instances (uuid) ON DELETE CASCADE ON UPDATE RESTRICT`,
  ],
  // domain refers to nothing: nova keeps instance names in a zone that nobody needs to register.
  [
    'dns_entries',
    `id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
     domain VARCHAR(255) NOT NULL,
     name VARCHAR(255) NOT NULL,
     type VARCHAR(16) NOT NULL,
     address VARCHAR(39) NOT NULL,
     PRIMARY KEY (id),
     UNIQUE KEY uniq_dns_entries_domain_name (domain, name),
     KEY ix_dns_entries_address (address)`,
  ],
];

const restingIndex = new TableIndex({
  name: 'ix_floating_ips_pool_id_project_id_released_at',
  columnNames: ['pool_id', 'project_id', 'released_at'],
});

const instanceColumns: readonly TableColumnOptions[] = [
  { name: 'groups_listed', type: 'tinyint', default: '0', isNullable: false },
  { name: 'observed_at', type: 'datetime', precision: 3, isNullable: true },
];

/** Floating IPs that rest, instances on the move, names. Every statement can be repeated after a failure half way. */
export class NetworkService1767830400000 implements MigrationInterface {
  readonly name = 'NetworkService1767830400000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await addColumn(queryRunner, 'networks', { name: 'priority', type: 'int', isNullable: true });
    const releasedAt = { name: 'released_at', type: 'datetime', precision: 6, isNullable: true };
    await addColumn(queryRunner, 'floating_ips', releasedAt);
    for (const column of instanceColumns) await addColumn(queryRunner, 'instances', column);
    const floatingIps = await queryRunner.getTable('floating_ips');
    if (!floatingIps?.indices.some(({ name }) => name === restingIndex.name)) {
      await queryRunner.createIndex('floating_ips', restingIndex);
    }
    for (const [table, definition] of tables) {
      await queryRunner.query(`CREATE TABLE IF NOT EXISTS \`${table}\` (${definition}) ${TABLE_OPTIONS}`);
    }
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const [table] of tables) await queryRunner.query(`DROP TABLE IF EXISTS \`${table}\``);
    // the older index takes over for the foreign key
    await queryRunner.dropIndex('floating_ips', restingIndex);
    await queryRunner.dropColumn('floating_ips', 'released_at');
    await queryRunner.dropColumn('networks', 'priority');
    for (const { name } of instanceColumns) await queryRunner.dropColumn('instances', name);
  }
}

async function addColumn(queryRunner: QueryRunner, table: string, column: TableColumnOptions): Promise<void> {
  if (await queryRunner.hasColumn(table, column.name)) return;
  await queryRunner.addColumn(table, new TableColumn(column));
}
