import { NetworkServiceError } from '../errors.js';

export class HostBinaryNotFound extends NetworkServiceError {
  constructor(host: string, binary: string) {
    super('not-found', `Could not find binary ${binary} on host ${host}.`, { host, binary });
  }
}
