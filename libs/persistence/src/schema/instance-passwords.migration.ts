import { TableColumn, type MigrationInterface, type QueryRunner } from 'typeorm';

/** What an instance leaves for its owner, encrypted with the owner's key. Every statement can be repeated. */
export class InstancePasswords1768521600000 implements MigrationInterface {
  readonly name = 'InstancePasswords1768521600000';

  async up(queryRunner: QueryRunner): Promise<void> {
    if (await queryRunner.hasColumn('instances', 'password')) return;
    const column = { name: 'password', type: 'text', isNullable: true };
    await queryRunner.addColumn('instances', new TableColumn(column));
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.dropColumn('instances', 'password');
  }
}
