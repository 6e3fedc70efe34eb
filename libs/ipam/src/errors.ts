/** What sort of trouble it is: decides the HTTP status, whatever the class. */
export type ErrorKind =
  'not-found' | 'conflict' | 'invalid' | 'forbidden' | 'exhausted' | 'unavailable' | 'internal';

/** The values of the situation, by upstream's keyword: they travel to the caller as `kwargs`. */
export type ErrorDetails = Readonly<Record<string, string | number | null>>;

/**
 * An expected refusal. Subclasses carry nova's class names, texts and keywords, because a compute service
 * switches on them.
 */
export abstract class NetworkServiceError extends Error {
  constructor(
    readonly kind: ErrorKind,
    message: string,
    readonly details: ErrorDetails = {},
  ) {
    super(message);
    this.name = new.target.name;
  }
}

export class NoMoreFixedIps extends NetworkServiceError {
  constructor(net: string) {
    super('exhausted', `No fixed IP addresses available for network: ${net}`, { net });
  }
}

export class FixedIpAlreadyInUse extends NetworkServiceError {
  /** @param instanceUuid who holds it (nova names the requester, which helps nobody) */
  constructor(address: string, instanceUuid: string) {
    super('conflict', `Fixed IP address ${address} is already in use on instance ${instanceUuid}.`, {
      address,
      instance_uuid: instanceUuid,
    });
  }
}

export class FixedIpNotFoundForAddress extends NetworkServiceError {
  constructor(address: string) {
    super('not-found', `Fixed IP not found for address ${address}.`, { address });
  }
}

/** The address lies outside the network, or is reserved there. */
export class FixedIpNotFoundForNetwork extends NetworkServiceError {
  constructor(address: string, networkUuid: string) {
    super('not-found', `Fixed IP address (${address}) does not exist in network (${networkUuid}).`, {
      address,
      network_uuid: networkUuid,
    });
  }
}

export class FixedIpAssociateFailed extends NetworkServiceError {
  constructor(net: string) {
    super('unavailable', `Fixed IP associate failed for network: ${net}.`, { net });
  }
}

export class FixedIpInvalid extends NetworkServiceError {
  constructor(address: string) {
    super('invalid', `Fixed IP address ${address} is invalid.`, { address });
  }
}

export class FixedIpLimitExceeded extends NetworkServiceError {
  constructor() {
    super('exhausted', 'Maximum number of fixed IPs exceeded');
  }
}

export class FixedIpNotFound extends NetworkServiceError {
  constructor(id: number) {
    super('not-found', `No fixed IP associated with id ${id}.`, { id });
  }
}

export class FixedIpNotFoundForInstance extends NetworkServiceError {
  constructor(instanceUuid: string) {
    super('not-found', `Instance ${instanceUuid} has zero fixed IPs.`, { instance_uuid: instanceUuid });
  }
}

export class FixedIpNotFoundForSpecificInstance extends NetworkServiceError {
  constructor(instanceUuid: string, ip: string) {
    super('not-found', `Instance ${instanceUuid} doesn't have fixed IP ${ip}.`, {
      instance_uuid: instanceUuid,
      ip,
    });
  }
}

export class VirtualInterfaceCreateException extends NetworkServiceError {
  constructor() {
    super('internal', 'Virtual Interface creation failed');
  }
}

export class VirtualInterfaceMacAddressException extends NetworkServiceError {
  constructor() {
    super('conflict', 'Creation of virtual interface with unique mac address failed');
  }
}

export class NetworkNotFound extends NetworkServiceError {
  constructor(networkId: number | string) {
    super('not-found', `Network ${networkId} could not be found.`, { network_id: networkId });
  }
}

export class NetworkNotFoundForUUID extends NetworkServiceError {
  constructor(uuid: string) {
    super('not-found', `Network could not be found for uuid ${uuid}`, { uuid });
  }
}

export class NetworkNotFoundForCidr extends NetworkServiceError {
  constructor(cidr: string) {
    super('not-found', `Network could not be found with cidr ${cidr}.`, { cidr });
  }
}

export class NetworkNotFoundForProject extends NetworkServiceError {
  constructor(networkUuid: string, projectId: string | null) {
    super(
      'not-found',
      `Either network uuid ${networkUuid} is not present or is not assigned to the project ${projectId}.`,
      { network_uuid: networkUuid, project_id: projectId },
    );
  }
}

export class NoNetworksFound extends NetworkServiceError {
  constructor() {
    super('not-found', 'No networks defined.');
  }
}

/** Every network belongs to a project. */
export class NoMoreNetworks extends NetworkServiceError {
  constructor() {
    super('exhausted', 'No more available networks.');
  }
}

export class NetworkLimitExceeded extends NetworkServiceError {
  constructor() {
    super('exhausted', 'Quota exceeded, too many networks.');
  }
}

export class NetworkInUse extends NetworkServiceError {
  constructor(networkId: string) {
    super('conflict', `Network ${networkId} is still in use.`, { network_id: networkId });
  }
}

/** What is to change would harm what there is. */
export class NetworkChangeConflict extends NetworkServiceError {
  constructor(networkId: string, reason: string) {
    super('conflict', `Network ${networkId} cannot be changed so: ${reason}.`, {
      network_id: networkId,
      reason,
    });
  }
}

export class NetworkHasProject extends NetworkServiceError {
  constructor(projectId: string) {
    super('conflict', `Network must be disassociated from project ${projectId} before it can be deleted.`, {
      project_id: projectId,
    });
  }
}

export class NetworkNotCreated extends NetworkServiceError {
  constructor(req: string) {
    super('invalid', `${req} is required to create a network.`, { req });
  }
}

export class LabelTooLong extends NetworkServiceError {
  constructor() {
    super('invalid', "Maximum allowed length for 'label' is 255.");
  }
}

export class InvalidIntValue extends NetworkServiceError {
  constructor(key: string) {
    super('invalid', `${key} must be an integer.`, { key });
  }
}

export class InvalidCidr extends NetworkServiceError {
  constructor(cidr: string) {
    super('invalid', `${cidr} is not a valid IP network.`, { cidr });
  }
}

export class InvalidAddress extends NetworkServiceError {
  constructor(address: string) {
    super('invalid', `${address} is not a valid IP address.`, { address });
  }
}

export class AddressOutOfRange extends NetworkServiceError {
  constructor(address: string, cidr: string) {
    super('invalid', `${address} is not within ${cidr}.`, { address, cidr });
  }
}

export class InvalidInput extends NetworkServiceError {
  constructor(reason: string) {
    super('invalid', `Invalid input received: ${reason}`, { reason });
  }
}

export class CidrConflict extends NetworkServiceError {
  constructor(cidr: string, other: string) {
    super('conflict', `Requested cidr (${cidr}) conflicts with existing cidr (${other})`, { cidr, other });
  }
}

export class DuplicateVlan extends NetworkServiceError {
  constructor(vlan: number) {
    super('conflict', `Detected existing vlan with id ${vlan}`, { vlan });
  }
}

export class InvalidUUID extends NetworkServiceError {
  constructor(uuid: string) {
    super('invalid', `Expected a uuid but received ${uuid}.`, { uuid });
  }
}

export class InstanceNotFound extends NetworkServiceError {
  constructor(instanceId: string) {
    super('not-found', `Instance ${instanceId} could not be found.`, { instance_id: instanceId });
  }
}

/** An instance cannot be forgotten while it holds NICs: deallocate them first. */
export class InstanceInUse extends NetworkServiceError {
  /** @param held addresses, or MACs of NICs without address */
  constructor(instanceId: string, held: readonly string[]) {
    super(
      'conflict',
      `Instance ${instanceId} still holds ${held.join(', ')}: deallocate its addresses first.`,
      {
        instance_id: instanceId,
        held: held.join(', '),
      },
    );
  }
}

/** For whoever is no admin and asks for what belongs to another project. */
export class Forbidden extends NetworkServiceError {
  constructor() {
    super('forbidden', 'Not authorized.');
  }
}

export class AdminRequired extends NetworkServiceError {
  constructor() {
    super('forbidden', 'User does not have admin privileges');
  }
}

export class NetworkDhcpReleaseFailed extends NetworkServiceError {
  constructor(address: string, mac: string, options?: ErrorOptions) {
    super('internal', `Failed to release IP ${address} with MAC ${mac}`, { address, mac_address: mac });
    if (options) this.cause = options.cause;
  }
}

/** The worker that owns the network cannot do its part now. */
export class NetworkHostUnavailable extends NetworkServiceError {
  constructor(host: string, reason: string) {
    super('unavailable', `The network worker on ${host} is not available: ${reason}`, { host, reason });
  }
}

/** The database cannot be reached, or did not answer in time. The request changed nothing that was not committed. */
export class DatabaseUnavailable extends NetworkServiceError {
  constructor(reason: string, options?: ErrorOptions) {
    super('unavailable', `The database is not available: ${reason}`, { reason });
    if (options) this.cause = options.cause;
  }
}
