import { TableColumn, type MigrationInterface, type QueryRunner } from 'typeorm';

/** Services have numbers, and can be disabled. Every statement can be repeated. */
export class ServiceStatus1769126400000 implements MigrationInterface {
  readonly name = 'ServiceStatus1769126400000';

  async up(queryRunner: QueryRunner): Promise<void> {
    if (!(await queryRunner.hasColumn('services', 'id'))) {
      await queryRunner.query(
        `ALTER TABLE services DROP PRIMARY KEY,
           ADD COLUMN id INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY FIRST,
           ADD UNIQUE KEY uniq_services_host_binary (host, \`binary\`)`,
      );
    }
    if (!(await queryRunner.hasColumn('services', 'disabled'))) {
      const disabled = { name: 'disabled', type: 'tinyint', default: '0', isNullable: false };
      await queryRunner.addColumn('services', new TableColumn(disabled));
    }
    if (!(await queryRunner.hasColumn('services', 'disabled_reason'))) {
      const reason = { name: 'disabled_reason', type: 'varchar', length: '255', isNullable: true };
      await queryRunner.addColumn('services', new TableColumn(reason));
    }
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.dropColumn('services', 'disabled_reason');
    await queryRunner.dropColumn('services', 'disabled');
    await queryRunner.query(
      `ALTER TABLE services DROP COLUMN id, DROP KEY uniq_services_host_binary,
         ADD PRIMARY KEY (host, \`binary\`)`,
    );
  }
}
