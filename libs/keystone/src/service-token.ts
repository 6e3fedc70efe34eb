import { isRecord } from '@novanet/contracts';
import { askJson, BadAnswer, Unauthorized, type AskLimits, type Json } from './ask-json.js';

/** What has a name, or an id by which it is known for certain. */
interface Named {
  readonly id: string | null;
  readonly name: string | null;
}

interface InDomain extends Named {
  readonly domain: Named;
}

/** Who a service is for Keystone. */
export interface ServiceAccount {
  /** Keystone's address, with or without its version. */
  readonly authUrl: string;
  readonly user: InDomain;
  readonly password: string;
  /** Without id and name: the user's own. */
  readonly project: InDomain;
}

/** Keystone gave no token, for whatever reason. */
export class NoServiceToken extends Error {}

/** A token that ends on its way is refused where it arrives. */
const RESERVE_MS = 30_000;

/** Keystone locks an account that is tried with a wrong password too often. */
const REST_MS = 10_000;

interface Token {
  readonly value: string;
  /** On our own clock: Keystone's may differ. */
  readonly until: number;
}

/** A service's token, got from Keystone v3 when it is needed and kept as long as it is good. */
export class ServiceToken {
  private token: Token | undefined;
  private coming: Promise<string> | undefined;
  private refused: { readonly until: number; readonly error: NoServiceToken } | undefined;

  constructor(
    private readonly account: ServiceAccount,
    private readonly limits: AskLimits,
  ) {}

  /** All who ask at once share one request. Throws NoServiceToken. */
  async value(): Promise<string> {
    if (this.token && this.token.until > performance.now()) return this.token.value;
    if (this.refused && this.refused.until > performance.now()) throw this.refused.error;
    this.coming ??= this.renew().finally(() => (this.coming = undefined));
    return this.coming;
  }

  /** Somebody did not accept it. What came in its place meanwhile stays. */
  forget(value: string): void {
    if (this.token?.value === value) this.token = undefined;
  }

  private async renew(): Promise<string> {
    const begin = performance.now();
    try {
      // Where services are is of no use here, and long.
      const url = `${identityUrl(this.account.authUrl)}/auth/tokens?nocatalog`;
      const { headers, content } = await askJson({ url, body: questionOf(this.account) }, this.limits);
      const value = headers['x-subject-token'];
      if (typeof value !== 'string' || value === '') throw new BadAnswer('it answered without a token');
      this.token = { value, until: begin + lifeOf(content) - RESERVE_MS };
      return value;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      const failure = new NoServiceToken(`Keystone gives no token: ${reason}`, { cause: error });
      if (error instanceof Unauthorized)
        this.refused = { until: performance.now() + REST_MS, error: failure };
      throw failure;
    }
  }
}

/** Where version 3 is, however Keystone's address was written. */
export function identityUrl(authUrl: string): string {
  return `${authUrl.replace(/(\/v(3|2\.0))?\/*$/, '')}/v3`;
}

function questionOf({ user, password, project }: ServiceAccount): Json {
  const identity = { methods: ['password'], password: { user: { ...inDomain(user), password } } };
  const isScoped = project.id !== null || project.name !== null;
  return { auth: { identity, ...(isScoped && { scope: { project: inDomain(project) } }) } };
}

function inDomain({ id, name, domain }: InDomain): { readonly [name: string]: Json } {
  if (id !== null) return { id };
  // Who names no domain had his account before there were any: Keystone put those in this one.
  const isNamed = domain.id === null && domain.name !== null;
  return { name, domain: isNamed ? { name: domain.name } : { id: domain.id ?? 'default' } };
}

/** Both times are of Keystone's clock. */
function lifeOf(content: Json): number {
  const token = isRecord(content) ? content['token'] : undefined;
  const time = (name: string) => {
    const text = isRecord(token) ? token[name] : undefined;
    return typeof text === 'string' ? Date.parse(text) : Number.NaN;
  };
  const life = time('expires_at') - time('issued_at');
  if (Number.isNaN(life)) throw new BadAnswer('it does not say how long its token is good');
  return life;
}
