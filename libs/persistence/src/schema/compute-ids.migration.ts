import { TableColumn, type MigrationInterface, type QueryRunner } from 'typeorm';

/** The number by which the compute service knows an instance. Every statement can be repeated. */
export class ComputeIds1768435200000 implements MigrationInterface {
  readonly name = 'ComputeIds1768435200000';

  async up(queryRunner: QueryRunner): Promise<void> {
    if (await queryRunner.hasColumn('instances', 'compute_id')) return;
    const column = { name: 'compute_id', type: 'bigint', unsigned: true, isNullable: true };
    await queryRunner.addColumn('instances', new TableColumn(column));
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.dropColumn('instances', 'compute_id');
  }
}
