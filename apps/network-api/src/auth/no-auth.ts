import { Authenticator, type Asking, type Authentication } from './authenticator.js';
import type { Requester } from './requester.js';

const ANYBODY = 'admin';

/**
 * nova's `noauth2`, for development: a token is `user:project`, whoever writes it, and the user `admin` is one. Who has no
 * token is given the one that his headers ask for.
 */
export class NoAuth extends Authenticator {
  override async authenticate(request: Asking): Promise<Authentication> {
    const token = request.get('x-auth-token');
    if (token !== undefined) return requesterOf(token);
    const user = request.get('x-auth-user') ?? ANYBODY;
    const project = request.get('x-auth-project-id') ?? ANYBODY;
    const place = `${request.originalUrl.replace(/[?#].*$/, '').replace(/\/+$/, '')}/${project}`;
    const headers = { 'X-Auth-Token': `${user}:${project}`, 'X-Server-Management-Url': place };
    return { status: 204, message: 'Come again with this token.', headers };
  }
}

function requesterOf(token: string): Requester {
  const [userId = '', projectId = userId] = token.split(':', 2);
  const isAdmin = userId === ANYBODY;
  return { userId, projectId, roles: isAdmin ? ['admin'] : ['member'], isAdmin };
}
