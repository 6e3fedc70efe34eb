import {
  ServiceStore,
  type Heartbeat,
  type Service,
  type ServiceKey,
  type ServiceStatus,
} from '@novanet/ipam';
import { parseHostName, type HostName } from '@novanet/net-address';
import type { Database } from '../database/database.js';
import type { WriteResult } from '../database/write-result.js';
import { ServiceEntity } from '../schema/service.entity.js';

export class TypeormServiceStore extends ServiceStore {
  constructor(private readonly database: Database) {
    super();
  }

  async beat({ host, binary, topic }: Heartbeat): Promise<void> {
    await this.database.run(async (manager) => {
      const beat = 'report_count = report_count + 1, last_seen_at = CURRENT_TIMESTAMP(6)';
      // each INSERT would use up a number, also where it inserts nothing
      const { affectedRows } = await manager.query<WriteResult>(
        `UPDATE services SET topic = ?, ${beat} WHERE host = ? AND \`binary\` = ?`,
        [topic, host, binary],
      );
      if (affectedRows > 0) return;
      await manager.query<WriteResult>(
        `INSERT INTO services (host, \`binary\`, topic, report_count, last_seen_at)
         VALUES (?, ?, ?, 1, CURRENT_TIMESTAMP(6))
         ON DUPLICATE KEY UPDATE topic = VALUES(topic), ${beat}`,
        [host, binary, topic],
      );
    });
  }

  async removeHost(host: HostName): Promise<void> {
    await this.database.run((manager) => manager.delete(ServiceEntity, { host }));
  }

  async forceDown({ host, binary }: ServiceKey, isForcedDown: boolean): Promise<boolean> {
    const { affectedRows } = await this.database.run((manager) =>
      manager.query<WriteResult>('UPDATE services SET forced_down = ? WHERE host = ? AND `binary` = ?', [
        isForcedDown,
        host,
        binary,
      ]),
    );
    return affectedRows > 0;
  }

  async setStatus({ host, binary }: ServiceKey, status: ServiceStatus): Promise<boolean> {
    const { affectedRows } = await this.database.run((manager) =>
      manager.query<WriteResult>(
        'UPDATE services SET disabled = ?, disabled_reason = ? WHERE host = ? AND `binary` = ?',
        [status.isDisabled, status.disabledReason, host, binary],
      ),
    );
    return affectedRows > 0;
  }

  async remove({ host, binary }: ServiceKey): Promise<boolean> {
    const { affectedRows } = await this.database.run((manager) =>
      manager.query<WriteResult>('DELETE FROM services WHERE host = ? AND `binary` = ?', [host, binary]),
    );
    return affectedRows > 0;
  }

  async list(): Promise<Service[]> {
    const rows = await this.database.run((manager) =>
      manager.find(ServiceEntity, { order: { host: 'ASC', binary: 'ASC' } }),
    );
    return rows.map(({ host, reportCount, ...plain }) => ({
      ...plain,
      host: parseHostName(host),
      reportCount: Number(reportCount),
    }));
  }
}
