import type { MigrationInterface, QueryRunner } from 'typeorm';
import { addressTables } from './initial-schema/address-tables.js';
import { firewallTables } from './initial-schema/firewall-tables.js';
import { supportTables } from './initial-schema/support-tables.js';

/**
 * All tables. DDL commits by itself, so every statement can be repeated after a failure half way.
 *
 * Names compare exactly (utf8mb4_bin): a project "A" is not a project "a". Times are UTC with microseconds: the
 * sessions say so. Nothing is deleted softly, so that unique keys mean what they say.
 */
export class InitialSchema1767225600000 implements MigrationInterface {
  readonly name = 'InitialSchema1767225600000';

  async up(queryRunner: QueryRunner): Promise<void> {
    for (const [table, definition] of [...addressTables, ...firewallTables, ...supportTables]) {
      await queryRunner.query(
        `CREATE TABLE IF NOT EXISTS \`${table}\` (${definition}) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`,
      );
    }
    await queryRunner.query("INSERT IGNORE INTO mutexes (name) VALUES ('create-networks')");
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const [table] of [...addressTables, ...firewallTables, ...supportTables].toReversed()) {
      await queryRunner.query(`DROP TABLE IF EXISTS \`${table}\``);
    }
  }
}
