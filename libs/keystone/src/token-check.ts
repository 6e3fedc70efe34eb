import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { isRecord } from '@novanet/contracts';
import { askJson, BadAnswer, Unauthorized, type AskLimits, type Json } from './ask-json.js';
import { identityUrl, NoServiceToken, type ServiceToken } from './service-token.js';

/** Whose token it is, and what for. */
export interface TokenFacts {
  readonly userId: string;
  /** Null: for none. */
  readonly projectId: string | null;
  /** For one domain alone: whoever is administrator there is none of the cloud. */
  readonly isOfDomain: boolean;
  readonly roles: readonly string[];
}

export interface TokenCheckOptions extends AskLimits {
  /** Keystone's address, with or without its version. */
  readonly authUrl: string;
  /** In whose name it is asked. */
  readonly serviceToken: Pick<ServiceToken, 'value' | 'forget'>;
  /** So long is remembered what Keystone said of a token; 0 or less: it is asked every time. */
  readonly memoryMs: number;
  /** How often it is asked again when it does not answer. */
  readonly retries: number;
}

/** Whether a token is good is not known. */
export class KeystoneUnavailable extends Error {}

interface Verdict {
  /** Undefined: it is not good. */
  readonly facts: TokenFacts | undefined;
  readonly lifeMs: number;
}

type Remembered = Verdict & { readonly until: number };

const MOST_REMEMBERED = 10_000;

/** Of all who ask, so that who guesses does not flood Keystone. */
const MOST_AT_ONCE = 200;

/** Guessing costs Keystone little; a token that it does not know yet, because it has several databases, soon is known. */
const NOT_GOOD: Verdict = { facts: undefined, lifeMs: 10_000 };

/** What Keystone says of a token that it does not know (404), and of one that cannot be any. */
const NOT_GOOD_STATUSES: ReadonlySet<number | undefined> = new Set([400, 404, 414, 431]);

const FIRST_PAUSE_MS = 500;

/** Asks Keystone v3 whose token it is, and not again for a while. Knows tokens by their hashes alone. */
export class TokenCheck {
  private readonly good = new Map<string, Remembered>();
  /** Apart, so that who guesses does not make us forget the good ones. */
  private readonly bad = new Map<string, Remembered>();
  private readonly coming = new Map<string, Promise<TokenFacts | undefined>>();

  constructor(private readonly options: TokenCheckOptions) {}

  /** Undefined: the token is not good. Throws KeystoneUnavailable. */
  async factsOf(token: string): Promise<TokenFacts | undefined> {
    const key = createHash('sha256').update(token).digest('base64');
    const known = this.good.get(key) ?? this.bad.get(key);
    if (known && known.until > performance.now()) return known.facts;
    const shared = this.coming.get(key);
    if (shared) return shared;
    if (this.coming.size >= MOST_AT_ONCE) throw new KeystoneUnavailable('too many tokens are being checked');
    const coming = this.learn(key, token).finally(() => this.coming.delete(key));
    this.coming.set(key, coming);
    return coming;
  }

  private async learn(key: string, token: string): Promise<TokenFacts | undefined> {
    const verdict = await this.ask(token, this.options.retries);
    const until = performance.now() + Math.min(this.options.memoryMs, verdict.lifeMs);
    this.good.delete(key);
    this.bad.delete(key);
    remember(verdict.facts ? this.good : this.bad, key, { ...verdict, until });
    return verdict.facts;
  }

  private async ask(token: string, retries: number, pauseMs = FIRST_PAUSE_MS): Promise<Verdict> {
    try {
      return await this.askOnce(token);
    } catch (error) {
      if (error instanceof BadAnswer && NOT_GOOD_STATUSES.has(error.status)) return NOT_GOOD;
      if (retries <= 0 || !mayPass(error)) {
        throw new KeystoneUnavailable(error instanceof Error ? error.message : String(error));
      }
    }
    await sleep(pauseMs);
    return this.ask(token, retries - 1, pauseMs * 2);
  }

  /** When it is our own token that is not good, though its time is not over, it is got anew once. */
  private async askOnce(token: string): Promise<Verdict> {
    const { serviceToken } = this.options;
    const own = await serviceToken.value();
    try {
      return await this.askWith(own, token);
    } catch (error) {
      if (!(error instanceof Unauthorized)) throw error;
      serviceToken.forget(own);
      return this.askWith(await serviceToken.value(), token);
    }
  }

  private async askWith(own: string, token: string): Promise<Verdict> {
    const url = `${identityUrl(this.options.authUrl)}/auth/tokens?nocatalog`;
    const headers = { 'X-Auth-Token': own, 'X-Subject-Token': token };
    const reply = await askJson({ url, headers }, this.options);
    const lifeMs = endOf(reply.content) - timeOf(reply.headers);
    return lifeMs > 0 ? { facts: readFacts(reply.content), lifeMs } : NOT_GOOD;
  }
}

function remember(memory: Map<string, Remembered>, key: string, verdict: Remembered): void {
  const [oldest] = memory.keys();
  if (memory.size >= MOST_REMEMBERED && oldest !== undefined) memory.delete(oldest);
  memory.set(key, verdict);
}

/** What it says will be the same the next time, unless it says that it failed. */
function mayPass(error: unknown): boolean {
  const reason = error instanceof NoServiceToken ? error.cause : error;
  return !(reason instanceof BadAnswer) || (reason.status ?? 0) >= 500;
}

/** Keystone's clock; without a date in its answer, ours. */
function timeOf({ date }: IncomingHttpHeaders): number {
  const time = Date.parse(date ?? '');
  return Number.isNaN(time) ? Date.now() : time;
}

function endOf(content: Json): number {
  const end = Date.parse(textIn(tokenIn(content), 'expires_at') ?? '');
  if (Number.isNaN(end)) throw new BadAnswer('it does not say how long the token is good');
  return end;
}

function readFacts(content: Json): TokenFacts {
  const token = tokenIn(content);
  const userId = textIn(token?.['user'], 'id');
  if (userId === undefined) throw new BadAnswer('it does not say whose token it is');
  const roles = token?.['roles'];
  return {
    userId,
    projectId: textIn(token?.['project'], 'id') ?? null,
    isOfDomain: isRecord(token?.['domain']),
    roles: Array.isArray(roles) ? roles.flatMap((role) => textIn(role, 'name') ?? []) : [],
  };
}

function tokenIn(content: Json): Readonly<Record<string, unknown>> | undefined {
  const token = isRecord(content) ? content['token'] : undefined;
  return isRecord(token) ? token : undefined;
}

function textIn(value: unknown, name: string): string | undefined {
  const text = isRecord(value) ? value[name] : undefined;
  return typeof text === 'string' && text !== '' ? text : undefined;
}
