import { managers } from '../plan/configuration.js';
import { metadataPort } from '../plan/lab-plan.js';
import { hostService, hostServiceNames } from '../services/service.js';
import type { OpenLab } from '../state/open-lab.js';

/** The document of `status --json`; tests and scripts read it, so fields only ever come. */
export interface LabStatus {
  readonly name: string;
  /** nova's class. */
  readonly manager: string;
  /** New networks are served by every host. */
  readonly multi_host: boolean;
  readonly state_dir: string;
  readonly amqp_url: string;
  readonly database_url: string;
  readonly api_url: string;
  readonly metadata_port: number;
  readonly hosts: readonly {
    readonly name: string;
    readonly netns: string;
    /** All its services run. */
    readonly up: boolean;
    readonly services: Readonly<Record<string, boolean>>;
    readonly public_address: string;
    readonly management_address: string;
  }[];
  readonly switch: { readonly netns: string };
  readonly outside: { readonly netns: string; readonly address: string };
  readonly instances: readonly {
    readonly name: string;
    readonly uuid: string;
    readonly host: string;
    readonly netns: string;
    readonly project_id: string;
  }[];
}

export function statusOf({ folder, plan, state, urls }: OpenLab): LabStatus {
  return {
    name: folder.name,
    manager: managers[state.cloud.manager],
    multi_host: state.cloud.multiHost,
    state_dir: folder.path,
    amqp_url: urls.amqp,
    database_url: urls.database,
    api_url: urls.api,
    metadata_port: metadataPort,
    hosts: plan.hosts.map((host) => {
      const services = hostServiceNames.map(
        (name) => [name, hostService(folder, host, name).isRunning] as const,
      );
      return {
        name: host.name,
        netns: host.netns,
        up: services.every(([, isRunning]) => isRunning),
        services: Object.fromEntries(services),
        public_address: host.publicAddress,
        management_address: host.managementAddress,
      };
    }),
    switch: { netns: plan.switch.netns },
    outside: { netns: plan.outside.netns, address: plan.outside.address },
    instances: folder
      .instances()
      .map(({ name, uuid, host, netns, project_id }) => ({ name, uuid, host, netns, project_id })),
  };
}

/** For people. */
export function describeStatus(status: LabStatus): string {
  const hosts = status.hosts.map(({ name, netns, services }) => {
    const states = Object.entries(services).map(
      ([service, isRunning]) => `${service} ${isRunning ? 'up' : 'DOWN'}`,
    );
    return `  ${name}  ${states.join(', ')}  (namespace ${netns})`;
  });
  const instances = status.instances.map(
    ({ name, host, uuid, netns }) => `  ${name}  on ${host}, ${uuid}  (namespace ${netns})`,
  );
  return [
    `Lab ${status.name}`,
    `  manager   ${status.manager}${status.multi_host ? ', multi-host' : ''}`,
    `  AMQP      ${status.amqp_url}`,
    `  API       ${status.api_url}`,
    `  database  ${status.database_url}`,
    `  outside   ${status.outside.address}  (namespace ${status.outside.netns})`,
    `  files     ${status.state_dir}  (logs in log/)`,
    'Hosts',
    ...hosts,
    'Instances',
    ...(instances.length > 0 ? instances : ['  none: npm run lab -- boot NAME makes one']),
  ].join('\n');
}
