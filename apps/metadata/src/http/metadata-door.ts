import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { DatabaseUnavailable } from '@novanet/ipam';
import { tryParseIp, type IpAddress } from '@novanet/net-address';
import { Histogram, type Logger } from '@novanet/observability';
import type { InstanceLookup } from '../lookup/instance-lookup.js';
import { EC2_VERSIONS } from '../tree/ec2-tree.js';
import { factsOf } from '../tree/instance-facts.js';
import { answerOf, type MetadataAnswer } from '../tree/metadata-node.js';
import { answerPath } from '../tree/metadata-tree.js';
import { errorPage, type ErrorStatus } from './error-page.js';
import { namesOfPath } from './request-path.js';

const requestSeconds = new Histogram({
  name: 'novanet_metadata_request_seconds',
  help: 'Time to answer an instance',
  labelNames: ['status'],
  buckets: [0.002, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5],
});

const randomSeed = () => randomBytes(512).toString('base64');

/** Where instances come in: who asks is known by the address alone. */
export class MetadataDoor {
  private isAvailable = true;

  constructor(
    private readonly lookup: InstanceLookup,
    private readonly dhcpDomain: string,
    private readonly log: Logger,
  ) {}

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const end = requestSeconds.startTimer();
    const outcome = await this.answer(request);
    if (typeof outcome === 'number') sendError(outcome, request, response);
    else send(response, 200, outcome);
    end({ status: response.statusCode });
  }

  private async answer(request: IncomingMessage): Promise<MetadataAnswer | ErrorStatus> {
    if (request.method !== 'GET' && request.method !== 'HEAD') return 405;
    const names = namesOfPath(request.url ?? '/');
    if (!names) return 404;
    // nova: the list of versions is for everybody.
    if (names.length === 0) return answerOf(EC2_VERSIONS);
    const caller = callerOf(request);
    try {
      return (caller && (await this.answerCaller(caller, names))) ?? 404;
    } catch (error) {
      return this.failed(error, caller);
    }
  }

  private async answerCaller(
    caller: IpAddress,
    names: readonly string[],
  ): Promise<MetadataAnswer | undefined> {
    const found = await this.lookup.find(caller);
    if (!this.isAvailable) this.log.info('metadata available again');
    this.isAvailable = true;
    if (!found) {
      this.log.info({ address: caller }, 'metadata asked for from an address of no instance');
      return undefined;
    }
    this.log.debug({ address: caller, instance: found.instance.uuid, path: names }, 'metadata asked for');
    return answerPath(factsOf(found, caller, this.dhcpDomain), names, randomSeed);
  }

  private failed(error: unknown, caller: IpAddress | undefined): ErrorStatus {
    if (error instanceof DatabaseUnavailable) {
      if (this.isAvailable) this.log.warn({ reason: error.message }, 'metadata not available');
      this.isAvailable = false;
      return 503;
    }
    this.log.error({ address: caller, error }, 'metadata request failed');
    return 500;
  }
}

function callerOf(request: IncomingMessage): IpAddress | undefined {
  // A socket for both families shows IPv4 as ::ffff:10.0.0.3.
  return tryParseIp((request.socket.remoteAddress ?? '').replace(/^::ffff:(?=\d+\.)/, ''));
}

function sendError(status: ErrorStatus, request: IncomingMessage, response: ServerResponse): void {
  if (status === 405) response.setHeader('Allow', 'GET, HEAD');
  // Never 404 for what is only temporary: instances would boot without configuration.
  if (status === 503) response.setHeader('Retry-After', '1');
  send(response, status, errorPage(status, request.headers.accept ?? ''));
}

function send(response: ServerResponse, status: number, page: { contentType: string; body: Buffer }): void {
  response.statusCode = status;
  response.setHeader('Content-Type', page.contentType);
  response.setHeader('Content-Length', page.body.length);
  response.end(page.body);
}
