import { randomUUID } from 'node:crypto';
import { BadRequestException, HttpException, PayloadTooLargeException } from '@nestjs/common';
import { isRecord } from '@novanet/contracts';
import { Histogram, withRequestId, type Logger } from '@novanet/observability';
import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { readMicroversion } from '../versions/microversion.js';
import { readComputeUrl } from './compute-url.js';
import { noteFacts, withFacts } from './request-facts.js';

const seconds = new Histogram({
  name: 'novanet_api_request_duration_seconds',
  help: 'Time to answer requests to the REST interface.',
  labelNames: ['method', 'route', 'status'],
  buckets: [0.005, 0.02, 0.1, 0.5, 2, 10, 60],
});

/** A stranger may send a very long one, and a log line is not the place to keep it. */
const LOGGED_URL_LENGTH = 500;

/** Gives each request its id, which every answer, log line and message on the bus carries; logs and measures it. */
export function requestContext(log: Logger): RequestHandler {
  return (request, response, next) => {
    const requestId = `req-${randomUUID()}`;
    // The second name is the one that nova's clients print.
    response.setHeader('X-Openstack-Request-Id', requestId);
    response.setHeader('X-Compute-Request-Id', requestId);
    const { method } = request;
    const url = request.originalUrl.slice(0, LOGGED_URL_LENGTH);
    const stop = seconds.startTimer({ method });
    withRequestId(requestId, () => {
      response.once('finish', () => {
        const status = response.statusCode;
        const duration = stop({ route: routeOf(request), status: String(status) });
        const level = method === 'GET' || method === 'HEAD' ? 'debug' : 'info';
        log[level]({ method, url, status, seconds: duration }, 'request answered');
      });
      next();
    });
  };
}

/** Brings nova's ways to write a request into one. Refuses versions that do not exist, and bodies that are no JSON. */
export function novaRequests(request: Request, response: Response, next: NextFunction): void {
  const { url, isLegacy, project } = readComputeUrl(request.url);
  request.url = url;
  const minor = url.startsWith('/v2.1') && !isLegacy ? answerMicroversion(request, response) : 1;
  const facts = { minor, isLegacy, urlProject: project };
  noteFacts(request, facts);
  const hasBody = request.headers['content-length'] !== '0' && request.is('*/*') !== null;
  if (hasBody && !request.is('json')) throw new BadRequestException('Unsupported Content-Type');
  withFacts(facts, next);
}

/** Nobody has to ask for anything like that, and what follows goes into each of them. */
const DEEPEST_BODY = 64;

/** Behind the reader of bodies. */
export function refuseDeepBodies(request: Request, _response: Response, next: NextFunction): void {
  if (isDeeperThan(DEEPEST_BODY, request.body)) {
    throw new BadRequestException('Malformed request body: it is nested too deeply');
  }
  next();
}

function isDeeperThan(limit: number, value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return limit === 0 || Object.values(value).some((inner) => isDeeperThan(limit - 1, inner));
}

/** What Express says of a body that it cannot read. */
export function unreadableBodies(
  error: unknown,
  _request: Request,
  _response: Response,
  next: NextFunction,
): void {
  const type = isRecord(error) ? error['type'] : undefined;
  const reason = error instanceof Error ? error.message : String(error);
  if (type === 'entity.too.large') next(new PayloadTooLargeException('The request is too large.'));
  else if (type === 'encoding.unsupported' || type === 'charset.unsupported')
    next(new BadRequestException('Unsupported Content-Type'));
  else if (typeof type === 'string') next(new BadRequestException(`Malformed request body: ${reason}`));
  else next(error);
}

function answerMicroversion(request: Request, response: Response): number {
  const asked = readMicroversion(
    request.get('x-openstack-nova-api-version'),
    request.get('openstack-api-version'),
  );
  if ('status' in asked) throw new HttpException(asked.message, asked.status);
  response.setHeader('X-OpenStack-Nova-API-Version', asked.version);
  response.setHeader('OpenStack-API-Version', `compute ${asked.version}`);
  response.setHeader('Vary', 'X-OpenStack-Nova-API-Version, OpenStack-API-Version');
  return Number(asked.version.slice(2));
}

function routeOf(request: Request): string {
  const path: unknown = request.route?.path;
  return typeof path === 'string' ? path : 'unknown';
}
