import type { CloudModel } from './cloud-model.js';
import type { ModelCloud } from './testing/model-cloud.js';

type Texts = Readonly<Record<string, string>>;

/** The database in the model's names. */
export interface Observed {
  readonly networks: Texts;
  readonly instances: Texts;
  readonly nics: Texts;
  readonly addresses: Texts;
  readonly floatingIps: Texts;
}

interface AddressRow {
  readonly address: string;
  readonly host: string | null;
  readonly instance: string | null;
  readonly allocated: number;
  readonly mac: string | null;
  readonly leaseHost: string | null;
}

export async function observe(model: CloudModel, cloud: ModelCloud): Promise<Observed> {
  const [networks, instances, nics, addresses, floatingIps] = await Promise.all([
    cloud.rows<{ uuid: string; text: string }>(
      `SELECT uuid, CONCAT(IF(multi_host = 1, 'each host', COALESCE(host, 'null')), ' for ',
                           COALESCE(project_id, 'all')) AS text FROM networks`,
    ),
    cloud.rows<{ uuid: string; text: string }>(
      `SELECT uuid, CONCAT(i.project_id, COALESCE(CONCAT(' on ', i.host), ''), ', expected on [',
                           COALESCE(GROUP_CONCAT(e.host ORDER BY e.host), ''), ']') AS text
         FROM instances i LEFT JOIN expected_instances e ON e.instance_uuid = i.uuid GROUP BY i.id`,
    ),
    cloud.rows<{ network: string; instance: string; mac: string }>(
      `SELECT n.uuid AS network, v.instance_uuid AS instance, v.mac
         FROM virtual_interfaces v JOIN networks n ON n.id = v.network_id`,
    ),
    cloud.rows<AddressRow>(
      `SELECT address, host, instance_uuid AS instance, allocated, lease_mac AS mac, lease_host AS leaseHost
         FROM fixed_ips WHERE role = 'instance' OR host IS NOT NULL`,
    ),
    cloud.rows<{ address: string; text: string }>(
      `SELECT f.address, CONCAT(COALESCE(f.project_id, 'free'),
                                COALESCE(CONCAT(' for ', x.address, ' on ', COALESCE(f.host, 'null')), '')) AS text
         FROM floating_ips f LEFT JOIN fixed_ips x ON x.id = f.fixed_ip_id`,
    ),
  ]);
  const named = (rows: { uuid: string; text: string }[]) =>
    Object.fromEntries(rows.map(({ uuid, text }) => [model.nameOf(uuid), text]));
  return {
    networks: named(networks),
    instances: named(instances),
    nics: Object.fromEntries(
      nics.map((nic) => [`${model.nameOf(nic.instance)} ${model.nameOf(nic.network)}`, nic.mac]),
    ),
    addresses: Object.fromEntries(addresses.map((row) => [row.address, addressText(model, row)])),
    floatingIps: Object.fromEntries(floatingIps.map(({ address, text }) => [address, text])),
  };
}

function addressText(model: CloudModel, { host, instance, allocated, mac, leaseHost }: AddressRow): string {
  if (host !== null) return `host ${host}`;
  const owner = instance === null ? 'nobody' : model.nameOf(instance);
  const lease = mac === null ? '' : `, leased to ${mac} by ${leaseHost}`;
  return `${owner} ${allocated === 1 ? 'has it' : 'had it'}${lease}`;
}
