import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';

interface Reply {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export const PASSWORD = 'hidden-password';

const inAnHour = () => new Date(Date.now() + 3_600_000).toISOString();

/** A token's content, as Keystone tells it. */
export function tokenOf(userId: string, projectId: string | null, ...roles: readonly string[]) {
  return {
    user: { id: userId, name: userId, domain: { id: 'default', name: 'Default' } },
    ...(projectId !== null && { project: { id: projectId, name: projectId } }),
    roles: roles.map((name) => ({ id: `id of ${name}`, name })),
    expires_at: inAnHour(),
    issued_at: new Date().toISOString(),
  };
}

/** In the place of Keystone: gives the account hidden-own-1, hidden-own-2, … and knows the tokens that it is told. */
export class KeystoneServer {
  /** `POST`: somebody got a token; `GET token`: somebody asked whose one is. */
  readonly asked: string[] = [];
  readonly bodies: unknown[] = [];
  readonly tokens = new Map<string, object>();
  /** Those of our own that are not good any more. */
  readonly revoked = new Set<string>();
  /** What it answers instead; null: nothing at all. */
  instead: (method: string) => Reply | null | undefined = () => undefined;
  url = '';
  private given = 0;

  static async start(): Promise<KeystoneServer> {
    const keystone = new KeystoneServer();
    const server = createServer((request, response) => void keystone.hear(request, response));
    await once(server.listen(0, '127.0.0.1'), 'listening');
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    const address = server.address();
    keystone.url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
    return keystone;
  }

  private async hear(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url, headers } = request;
    const body = await text(request);
    if (body !== '') this.bodies.push(JSON.parse(body));
    const subject = String(headers['x-subject-token'] ?? '');
    this.asked.push(`${method} ${subject}`.trim());
    const own = String(headers['x-auth-token'] ?? '');
    const usual = url === '/v3/auth/tokens?nocatalog' ? this.answer(method, own, subject) : { status: 404 };
    const instead = this.instead(method);
    if (instead === null) return;
    const reply: Reply = instead ?? usual;
    const content = typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body ?? {});
    response.writeHead(reply.status, reply.headers).end(content);
  }

  private answer(method: string, own: string, subject: string): Reply {
    if (method === 'POST') {
      this.given += 1;
      const headers = { 'X-Subject-Token': `hidden-own-${this.given}` };
      return { status: 201, headers, body: { token: tokenOf('novanet', 'service', 'admin') } };
    }
    if (!own.startsWith('hidden-own-') || this.revoked.has(own)) return { status: 401 };
    const token = this.tokens.get(subject);
    return token ? { status: 200, body: { token } } : { status: 404 };
  }
}
