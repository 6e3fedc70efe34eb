import type { IncomingMessage, ServerResponse } from 'node:http';
import { DatabaseUnavailable } from '@novanet/ipam';
import { Histogram, type Logger, type RateLimit } from '@novanet/observability';
import { callerKey, type Caller, type Refusal } from '../callers/caller.js';
import { isPassword, type InstanceRoom } from '../instance-room.js';
import type { InstanceLookup } from '../lookup/instance-lookup.js';
import { isSettling } from '../lookup/settling.js';
import type { SessionTokens } from '../tokens/session-tokens.js';
import { isDisabled, needsToken, tokenSeconds, type TokenRules } from '../tokens/token-policy.js';
import { EC2_VERSIONS } from '../tree/ec2-tree.js';
import type { FoundInstance } from '../tree/instance-facts.js';
import { answerOf } from '../tree/metadata-node.js';
import { type Answer, plainText, refusal, send } from './answer.js';
import { namesOfPath } from './request-path.js';

const requestSeconds = new Histogram({
  name: 'novanet_metadata_request_seconds',
  help: 'Time to answer an instance',
  labelNames: ['status'],
  buckets: [0.002, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5],
});

const LIFE_HEADER = 'X-Aws-Ec2-Metadata-Token-Ttl-Seconds';
const TOKEN_HEADER = 'x-aws-ec2-metadata-token';

/** What the door needs to let somebody in. */
export interface DoorParts {
  /** Who asks; undefined: nobody that could be known. */
  readonly identify: (request: IncomingMessage) => Caller | Refusal | undefined;
  readonly limit: Pick<RateLimit, 'admits'>;
  readonly lookup: InstanceLookup;
  readonly tokens: Pick<SessionTokens, 'issue' | 'isValid'>;
  readonly tokenRules: TokenRules;
  /** Whether a request came through somebody else who was not to pass it on. */
  readonly isPassedOn: (request: IncomingMessage) => boolean;
  readonly room: Pick<InstanceRoom, 'answer'>;
  readonly log: Logger;
}

/** Where instances come in: who asks, whether he may, and what he gets. */
export class MetadataDoor {
  constructor(private readonly parts: DoorParts) {}

  /** Never rejects. */
  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const end = requestSeconds.startTimer();
    const answer = await this.answer(request).catch((error: unknown) => this.failed(error, request));
    try {
      send(response, answer);
    } catch (error) {
      this.parts.log.error({ error, status: answer.status }, 'an answer could not be sent');
      response.destroy();
    }
    end({ status: answer.status });
  }

  private async answer(request: IncomingMessage): Promise<Answer> {
    const names = namesOfPath(request.url ?? '/');
    if (!names) return refusal(request, 404);
    const allowed = allowedMethods(names);
    if (!allowed.includes(request.method ?? '')) return refuseMethod(request, names, allowed);
    // nova: the list of versions is for everybody.
    if (names.length === 0) return { status: 200, ...(await answerOf(EC2_VERSIONS)) };
    const caller = this.parts.identify(request);
    if (!caller) return refusal(request, 404);
    if ('status' in caller) return refusal(request, caller.status, caller);
    if (!this.parts.limit.admits(callerKey(caller))) return refusal(request, 429);
    return this.answerCaller(request, names, caller);
  }

  private async answerCaller(
    request: IncomingMessage,
    names: readonly string[],
    caller: Caller,
  ): Promise<Answer> {
    const { lookup, log, room } = this.parts;
    const found = await lookup.find(caller);
    if (!found) {
      log.info({ caller: callerKey(caller) }, 'metadata asked for by no instance that is known');
      return refusal(request, 404);
    }
    log.debug(
      { caller: callerKey(caller), instance: found.instance.uuid, path: names },
      'metadata asked for',
    );
    if (isSettling(found.instance)) return refusal(request, 503);
    if (isDisabled(found.instance)) return refusal(request, 403);
    if (isTokenPath(names)) return this.issueToken(request, found);
    if (!this.mayRead(request, names, found)) return refusal(request, 401);
    return room.answer(request, names, found, caller.by === 'mac' ? undefined : caller.address);
  }

  private issueToken(request: IncomingMessage, { instance }: FoundInstance): Answer {
    // A proxy that passes on whatever it is asked must not be a way to a token.
    if (this.parts.isPassedOn(request)) return refusal(request, 403);
    const seconds = tokenSeconds(headerOf(request, LIFE_HEADER.toLowerCase()));
    if (seconds === undefined) return refusal(request, 400);
    return plainText(this.parts.tokens.issue(instance.uuid, seconds), { [LIFE_HEADER]: String(seconds) });
  }

  /** A token that is shown must be good, also where none is needed. */
  private mayRead(request: IncomingMessage, names: readonly string[], { instance }: FoundInstance): boolean {
    const token = headerOf(request, TOKEN_HEADER);
    if (token !== undefined) return this.parts.tokens.isValid(token, instance.uuid);
    return !needsToken(instance, names, this.parts.tokenRules);
  }

  private failed(error: unknown, request: IncomingMessage): Answer {
    if (error instanceof DatabaseUnavailable) return refusal(request, 503);
    // Who hangs up in the middle hears nothing of it.
    if (request.destroyed && !request.complete) return refusal(request, 400);
    this.parts.log.error({ address: request.socket.remoteAddress, error }, 'metadata request failed');
    return refusal(request, 500);
  }
}

/** Amazon's place to get a session token. */
function isTokenPath(names: readonly string[]): boolean {
  return names.join('/') === 'latest/api/token';
}

function allowedMethods(names: readonly string[]): readonly string[] {
  if (isTokenPath(names)) return ['PUT'];
  return isPassword(names) ? ['GET', 'HEAD', 'POST'] : ['GET', 'HEAD'];
}

function refuseMethod(
  request: IncomingMessage,
  names: readonly string[],
  allowed: readonly string[],
): Answer {
  // nova answers so here, and anything with everything elsewhere.
  if (isPassword(names)) return refusal(request, 400, { explanation: 'GET and POST only are supported.' });
  return refusal(request, 405, { allow: allowed.join(', ') });
}

/** Several are one that is no good. */
function headerOf({ headers }: IncomingMessage, name: string): string | undefined {
  return headers[name]?.toString();
}
