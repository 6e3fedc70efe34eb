import { randomBytes, timingSafeEqual } from 'node:crypto';
import { Authenticator, UNAUTHORIZED, type Asking, type Authentication } from './authenticator.js';
import { sha256 } from './token-file.js';

/** One token, made for this process: who shows it may do everything. */
export class OneToken extends Authenticator {
  readonly token = randomBytes(32).toString('base64url');
  private readonly hash = sha256(this.token);

  override async authenticate(request: Asking): Promise<Authentication> {
    const shown = sha256(request.get('x-auth-token') ?? '');
    if (!timingSafeEqual(shown, this.hash)) return UNAUTHORIZED;
    return { userId: null, projectId: null, roles: ['admin'], isAdmin: true };
  }
}
