import { WhereaboutsStore } from '@novanet/ipam';
import { parseHostName, type HostName } from '@novanet/net-address';
import type { Database } from '../database/database.js';

export class TypeormWhereaboutsStore extends WhereaboutsStore {
  constructor(private readonly database: Database) {
    super();
  }

  async expect(instanceUuid: string, host: HostName): Promise<void> {
    await this.database.run((manager) =>
      manager.query(
        `INSERT IGNORE INTO expected_instances (host, instance_uuid)
         SELECT ?, uuid FROM instances WHERE uuid = ? AND (host IS NULL OR host <> ?)`,
        [host, instanceUuid, host],
      ),
    );
  }

  async unexpect(instanceUuid: string, host: HostName): Promise<void> {
    await this.database.run((manager) =>
      manager.query('DELETE FROM expected_instances WHERE host = ? AND instance_uuid = ?', [
        host,
        instanceUuid,
      ]),
    );
  }

  async arrived(instanceUuid: string, host: HostName): Promise<void> {
    await this.database.transaction(async (manager) => {
      await manager.query(
        'UPDATE instances SET host = ?, observed_at = CURRENT_TIMESTAMP(3) WHERE uuid = ?',
        [host, instanceUuid],
      );
      await manager.query('DELETE FROM expected_instances WHERE host = ? AND instance_uuid = ?', [
        host,
        instanceUuid,
      ]);
    });
  }

  async hostsOf(instanceUuid: string): Promise<HostName[]> {
    const rows = await this.database.run((manager) =>
      manager.query<{ host: string }[]>(
        `SELECT host, 0 AS place FROM instances WHERE uuid = ? AND host IS NOT NULL
          UNION SELECT host, 1 FROM expected_instances WHERE instance_uuid = ? ORDER BY place, host`,
        [instanceUuid, instanceUuid],
      ),
    );
    // an instance may have come to a host that expected it in another way than by telling us that it arrived
    return [...new Set(rows.map(({ host }) => parseHostName(host)))];
  }

  async on(host: HostName): Promise<string[]> {
    const rows = await this.database.run((manager) =>
      manager.query<{ uuid: string }[]>(
        `SELECT uuid FROM instances WHERE host = ?
          UNION SELECT instance_uuid FROM expected_instances WHERE host = ? ORDER BY uuid`,
        [host, host],
      ),
    );
    return rows.map(({ uuid }) => uuid);
  }
}
