import { timingSafeEqual } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { ConfigurationError } from '@novanet/config';
import type { Logger } from '@novanet/observability';
import { Authenticator, UNAUTHORIZED, type Asking, type Authentication } from './authenticator.js';
import type { Requester } from './requester.js';
import { readTokens, sha256, type KnownToken } from './token-file.js';

export interface StaticTokensParts {
  readonly path: string;
  readonly isAdmin: (roles: readonly string[]) => boolean;
  readonly log: Pick<Logger, 'error' | 'info'>;
}

/** Who asks is whom the operator gave the token to (`tokens_file`). */
export class StaticTokens extends Authenticator {
  private stamp: string;
  private tokens: readonly KnownToken[];

  /** Throws ConfigurationError. */
  constructor(private readonly parts: StaticTokensParts) {
    super();
    this.stamp = stampOf(parts.path);
    try {
      this.tokens = load(parts.path);
    } catch (error) {
      throw new ConfigurationError([`[api] tokens_file ${parts.path}: ${reasonOf(error)}`]);
    }
  }

  override async authenticate(request: Asking): Promise<Authentication> {
    this.readAgain();
    const shown = request.get('x-auth-token');
    return (shown !== undefined && this.holderOf(shown)) || UNAUTHORIZED;
  }

  /** All are compared, whichever it is: the time that it takes says nothing. */
  private holderOf(shown: string): Requester | undefined {
    const hash = sha256(shown);
    let found: Requester | undefined;
    for (const { hash: known, userId, projectId, roles } of this.tokens) {
      if (timingSafeEqual(hash, known))
        found = { userId, projectId, roles, isAdmin: this.parts.isAdmin(roles) };
    }
    return found;
  }

  /** Somebody may be writing it: what was good stays until what is new is good. */
  private readAgain(): void {
    const { path, log } = this.parts;
    const stamp = stampOf(path);
    if (stamp === this.stamp) return;
    this.stamp = stamp;
    try {
      this.tokens = load(path);
      log.info({ path, tokens: this.tokens.length }, 'tokens read again');
    } catch (error) {
      if (!existsSync(path)) {
        this.tokens = [];
        log.error({ path }, 'the file of tokens is gone: none is good any more');
        return;
      }
      log.error({ path, reason: reasonOf(error) }, 'tokens not read again: the former ones stay good');
    }
  }
}

/** Throws Error. */
function load(path: string): readonly KnownToken[] {
  if ((statSync(path).mode & 0o007) !== 0) {
    throw new Error('everybody on this machine has access to it; chmod o-rwx takes that away');
  }
  return readTokens(readFileSync(path, 'utf8'));
}

function stampOf(path: string): string {
  try {
    const { ino, size, mtimeNs, ctimeNs } = statSync(path, { bigint: true });
    return [ino, size, mtimeNs, ctimeNs].join(' ');
  } catch (error) {
    return String(error);
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
