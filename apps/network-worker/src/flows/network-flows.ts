import { randomUUID } from 'node:crypto';
import {
  CreateNetworks,
  CreateTenantNetworks,
  DeleteNetwork,
  ModifyNetwork,
  type ModificationParts,
} from '@novanet/network-managers';
import type { FlowParts } from './flow-parts.js';

/** What the flows of networks need of the others. */
type Others = Pick<ModificationParts, 'owners' | 'filters' | 'onHostProblem'>;

/** The flows that make, change and delete networks. */
export function networkFlows(parts: FlowParts, { owners, filters, onHostProblem }: Others): object[] {
  const { settings, traits, ipam, hosts, log } = parts;
  const { networks, fixedIps } = ipam;
  const common = { networks, fixedIps, hosts, traits, onHostProblem };
  const create = new CreateNetworks(networks, settings, traits, randomUUID);
  const onKept: ModificationParts['onKept'] = ({ uuid }, err) => {
    log.error(
      { network: uuid, err },
      'a change that a host could not carry out stays: it cannot be taken back',
    );
  };
  return [
    create,
    new CreateTenantNetworks(create, settings),
    new DeleteNetwork(networks, fixedIps, hosts, onHostProblem),
    owners,
    new ModifyNetwork({ ...common, owners, filters, onKept }),
  ];
}
