import {
  applyDecorators,
  BadRequestException,
  type CanActivate,
  createParamDecorator,
  type ExecutionContext,
  ForbiddenException,
  HttpException,
  HttpStatus,
  Injectable,
  SetMetadata,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { HealthController, MetricsController, RateLimit } from '@novanet/observability';
import type { Request, Response } from 'express';
import { factsOf } from '../http/request-facts.js';
import { faultResponses } from '../open-api/responses.js';
import type { RuleName } from '../policy/default-rules.js';
import { PolicyBook } from '../policy/policy-book.js';
import { Authenticator } from './authenticator.js';
import type { Requester } from './requester.js';

const RULE = 'policy rule';

/** The rule of policy.yaml that a route obeys. A route without one is closed to everybody. */
export const Rule = (name: RuleName) =>
  applyDecorators(SetMetadata(RULE, name), faultResponses(400, 401, 403, 429, 503));

/** What every service of ours tells of itself, wherever it listens. */
const SERVICE_PAGES: ReadonlySet<unknown> = new Set([HealthController, MetricsController]);

/** A route for everybody, also without token. */
export const Public = () => SetMetadata(RULE, 'public');

/** Who asks. */
export const By = createParamDecorator((_data: unknown, context: ExecutionContext): Requester => {
  const requester = requesterOf(context.switchToHttp().getRequest<Request>());
  if (!requester) throw new Error('a route that is public has no requester');
  return requester;
});

const requesters = new WeakMap<Request, Requester>();

/** Who asks; undefined: he is not known, or not let in. */
export function requesterOf(request: Request): Requester | undefined {
  return requesters.get(request);
}

/** Lets in who may. */
@Injectable()
export class AuthGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly authenticator: Authenticator,
    private readonly policies: PolicyBook,
    private readonly rateLimit: RateLimit,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const rule = this.reflector.getAllAndOverride<RuleName | 'public' | undefined>(RULE, [
      context.getHandler(),
      context.getClass(),
    ]);
    if (rule === 'public' || SERVICE_PAGES.has(context.getClass())) return true;
    const http = context.switchToHttp();
    const request = http.getRequest<Request>();
    const response = http.getResponse<Response>();
    const requester = await this.authenticate(request, response);
    refuseOtherProject(request, requester);
    this.refuseTooMany(requester, response);
    if (rule === undefined) throw new ForbiddenException("Policy doesn't allow this to be performed.");
    this.policies.require(rule, requester);
    requesters.set(request, requester);
    return true;
  }

  private async authenticate(request: Request, response: Response): Promise<Requester> {
    const found = await this.authenticator.authenticate(request);
    if (!('status' in found)) return found;
    response.set(found.headers);
    throw new HttpException(found.message, found.status);
  }

  private refuseTooMany({ projectId, userId }: Requester, response: Response): void {
    // Who has no project is an administrator of all.
    const caller = projectId ?? `user ${userId}`;
    if (this.rateLimit.admits(caller)) return;
    response.set('Retry-After', String(this.rateLimit.secondsUntilNext(caller)));
    throw new HttpException('This request was rate-limited.', HttpStatus.TOO_MANY_REQUESTS);
  }
}

function refuseOtherProject(request: Request, { projectId }: Requester): void {
  const { urlProject } = factsOf(request);
  if (urlProject === undefined || urlProject === projectId) return;
  throw new BadRequestException(
    `Malformed request URL: URL's project_id '${urlProject}' doesn't match Context's project_id '${projectId}'`,
  );
}
