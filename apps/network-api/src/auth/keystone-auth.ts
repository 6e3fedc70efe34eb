import { KeystoneUnavailable, type TokenCheck } from '@novanet/keystone';
import type { Logger } from '@novanet/observability';
import {
  Authenticator,
  UNAUTHORIZED,
  type Asking,
  type Authentication,
  type Denial,
} from './authenticator.js';

/** Keystone that restarts is there again by then. */
const RETRY_SECONDS = 10;

const UNAVAILABLE: Denial = {
  status: 503,
  message: 'The Keystone service is temporarily unavailable.',
  headers: { 'Retry-After': String(RETRY_SECONDS) },
};

export interface KeystoneAuthParts {
  readonly tokens: Pick<TokenCheck, 'factsOf'>;
  /** Where clients find Keystone. */
  readonly authenticateUri: string;
  readonly isAdmin: (roles: readonly string[]) => boolean;
  readonly log: Pick<Logger, 'error'>;
}

/** Who asks is whom Keystone gave the token to. */
export class KeystoneAuth extends Authenticator {
  private readonly unauthorized: Denial;

  constructor(private readonly parts: KeystoneAuthParts) {
    super();
    const headers = { 'WWW-Authenticate': `Keystone uri="${parts.authenticateUri}"` };
    this.unauthorized = { ...UNAUTHORIZED, headers };
  }

  override async authenticate(request: Asking): Promise<Authentication> {
    const token = request.get('x-auth-token');
    if (token === undefined || token === '') return this.unauthorized;
    try {
      return await this.requesterOf(token);
    } catch (error) {
      if (!(error instanceof KeystoneUnavailable)) throw error;
      this.parts.log.error({ reason: error.message }, 'tokens cannot be checked with keystone');
      return UNAVAILABLE;
    }
  }

  private async requesterOf(token: string): Promise<Authentication> {
    const facts = await this.parts.tokens.factsOf(token);
    if (!facts) return this.unauthorized;
    const { userId, projectId, roles, isOfDomain } = facts;
    const isAdmin = !isOfDomain && this.parts.isAdmin(roles);
    if (projectId === null && !isAdmin) {
      return { ...this.unauthorized, message: 'The token is for no project: ask Keystone for one that is.' };
    }
    return { userId, projectId, roles, isAdmin };
  }
}
