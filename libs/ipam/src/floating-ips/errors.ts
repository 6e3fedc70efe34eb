import { NetworkServiceError } from '../errors.js';

export class FloatingIpNotFound extends NetworkServiceError {
  constructor(id: number) {
    super('not-found', `Floating IP not found for ID ${id}.`, { id });
  }
}

export class FloatingIpNotFoundForAddress extends NetworkServiceError {
  constructor(address: string) {
    super('not-found', `Floating IP not found for address ${address}.`, { address });
  }
}

export class FloatingIpPoolNotFound extends NetworkServiceError {
  constructor() {
    super('not-found', 'Floating IP pool not found.');
  }
}

/** nova's pools are not created, so it has no name for this. */
export class FloatingIpPoolExists extends NetworkServiceError {
  constructor(pool: string) {
    super('conflict', `Floating IP pool ${pool} already exists.`, { pool });
  }
}

/** nova's pools vanish with their last address, so it has no name for this. */
export class FloatingIpPoolInUse extends NetworkServiceError {
  constructor(pool: string) {
    super('conflict', `Floating IP pool ${pool} still has addresses.`, { pool });
  }
}

/** In nova a FloatingIpNotFound, so clients see 404. */
export class NoMoreFloatingIps extends NetworkServiceError {
  constructor() {
    super('not-found', 'Zero floating IPs available.');
  }
}

export class FloatingIpLimitExceeded extends NetworkServiceError {
  constructor() {
    super('exhausted', 'Maximum number of floating IPs exceeded');
  }
}

export class FloatingIpExists extends NetworkServiceError {
  constructor(address: string) {
    super('conflict', `Floating IP ${address} already exists.`, { address });
  }
}

/** A project holds it, so it cannot be taken out of its pool. nova takes it away nevertheless. */
export class FloatingIpAllocated extends NetworkServiceError {
  constructor(address: string, projectId: string) {
    super('conflict', `Floating IP ${address} is allocated to project ${projectId}.`, {
      address,
      project_id: projectId,
    });
  }
}

export class FloatingIpAssociated extends NetworkServiceError {
  constructor(address: string) {
    super('conflict', `Floating IP ${address} is associated.`, { address });
  }
}

export class FloatingIpNotAssociated extends NetworkServiceError {
  constructor(address: string) {
    super('conflict', `Floating IP ${address} is not associated.`, { address });
  }
}

export class FloatingIpAssociateFailed extends NetworkServiceError {
  /** @param reason a sentence behind nova's, which does not say why */
  constructor(address: string, reason: string) {
    super('conflict', `Floating IP ${address} association has failed. ${reason}`, { address });
  }
}

export class CannotDisassociateAutoAssignedFloatingIP extends NetworkServiceError {
  constructor() {
    super('forbidden', 'Cannot disassociate auto assigned floating IP');
  }
}

/** The host that has to carry the floating IP has no such interface. */
export class NoFloatingIpInterface extends NetworkServiceError {
  /** @param networkInterface its name */
  constructor(networkInterface: string) {
    super('not-found', `Interface ${networkInterface} not found.`, { interface: networkInterface });
  }
}

export class InvalidIpAddressError extends NetworkServiceError {
  constructor(address: string) {
    super('invalid', `${address} is not a valid IP v4/6 address.`, { address });
  }
}
