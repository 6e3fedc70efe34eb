import { NetworkServiceError } from '@novanet/ipam';

/** A host could not make its kernel match the database for a network. */
export class HostSetupFailed extends NetworkServiceError {
  constructor(host: string, network: string, problems: readonly string[]) {
    super('internal', `Host ${host} could not set up network ${network}: ${problems.join('; ')}`, {
      host,
      network,
    });
  }
}
