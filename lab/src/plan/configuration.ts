import { join } from 'node:path';

import { flatBridges, type HostPlan, type LabPlan, insidePorts, metadataPort } from './lab-plan.js';

/** nova's classes by the short names that also the configuration takes. */
export const managers = {
  flat: 'nova.network.manager.FlatManager',
  flatdhcp: 'nova.network.manager.FlatDHCPManager',
  vlan: 'nova.network.manager.VlanManager',
} as const;

export type ManagerName = keyof typeof managers;

export const managerNames: readonly ManagerName[] = ['flat', 'flatdhcp', 'vlan'];

export interface CloudOptions {
  readonly manager: ManagerName;
  readonly multiHost: boolean;
}

/** Folders and files that the configuration speaks of. */
export interface ConfigurationPaths {
  readonly stateDirectory: string;
  /** The program that dnsmasq calls for each lease. */
  readonly dhcpbridge: string;
}

/** Inside the namespaces; as seen from this machine there are other URLs (see LabState). */
const urls = (plan: LabPlan) => ({
  amqp: `rabbit://guest:guest@${plan.switch.managementAddress}:${insidePorts.amqp}/`,
  database: `mysql://novanet:novanet@${plan.switch.managementAddress}:${insidePorts.database}/novanet`,
});

/** The options that all services of the lab share, as a nova.conf. */
export function renderCloudConfiguration(plan: LabPlan, { manager, multiHost }: CloudOptions): string {
  const { amqp, database } = urls(plan);
  const [{ bridge, port }] = flatBridges;
  return renderIni({
    DEFAULT: {
      network_manager: managers[manager],
      multi_host: String(multiHost),
      // Nobody else tells instances their addresses there.
      ...(manager === 'flat' && { flat_injected: 'true' }),
      transport_url: amqp,
      // No flat_interface: it would win over the interface of each network.
      flat_network_bridge: bridge,
      vlan_interface: port,
      public_interface: 'eth0',
      // Short enough to see clients renew.
      dhcp_lease_time: '120',
      osapi_compute_listen_port: String(insidePorts.api),
      metadata_port: String(metadataPort),
      metadata_listen_port: String(metadataPort),
    },
    database: { connection: database },
  });
}

/** The options of one host. */
export function renderHostConfiguration(host: HostPlan, paths: ConfigurationPaths): string {
  const state = join(paths.stateDirectory, host.name);
  return renderIni({
    DEFAULT: {
      host: host.name,
      my_ip: host.managementAddress,
      routing_source_ip: host.publicAddress,
      metadata_host: host.managementAddress,
      state_path: state,
      networks_path: join(state, 'networks'),
      spool_path: join(state, 'spool'),
      dhcpbridge: paths.dhcpbridge,
    },
  });
}

/** The options of the API, which lives beside broker and database. */
export function renderApiConfiguration(plan: LabPlan, paths: ConfigurationPaths): string {
  return renderIni({
    DEFAULT: {
      host: 'api',
      my_ip: plan.switch.managementAddress,
      state_path: join(paths.stateDirectory, 'api'),
    },
    // Nobody but the lab's own user reaches it.
    api: { auth_strategy: 'noauth2' },
  });
}

function renderIni(sections: Readonly<Record<string, Readonly<Record<string, string>>>>): string {
  // In values "$" begins a reference to another option.
  const escape = (value: string) => value.replaceAll('$', '$$$$');
  const lines = Object.entries(sections).map(([section, options]) =>
    [`[${section}]`, ...Object.entries(options).map(([name, value]) => `${name} = ${escape(value)}`)].join(
      '\n',
    ),
  );
  return `${lines.join('\n\n')}\n`;
}
