import { NetworkServiceError } from '../errors.js';

/** The name stands for an address already, or the domain for something else. */
export class FloatingIpDNSExists extends NetworkServiceError {
  constructor(name: string, domain: string) {
    super('conflict', `The DNS entry ${name} already exists in domain ${domain}.`, { name, domain });
  }
}

/** What nova raises for a name or a domain that is not there: the base of its family. */
export class NotFound extends NetworkServiceError {
  /** @param thing what was asked for, at the beginning of a sentence */
  constructor(thing: string) {
    super('not-found', `${thing} could not be found.`);
  }
}
