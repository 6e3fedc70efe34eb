import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Settings } from '@novanet/config';
import { managerTraits } from '@novanet/network-managers';
import { RateLimit, type Logger } from '@novanet/observability';
import { callerByProxy } from './callers/signed-proxy.js';
import { callerBySource, isForwarded, peerAddress } from './callers/source-address.js';
import { MetadataDoor, type DoorParts } from './http/metadata-door.js';
import { InstanceRoom } from './instance-room.js';
import { limitConnections } from './limits/connection-limit.js';
import { CachedLookup, type NeighbourLookup } from './lookup/cached-lookup.js';
import type { DatabaseSource } from './lookup/database-source.js';
import { SessionTokens } from './tokens/session-tokens.js';
import { ComputeMetadata } from './upstream/compute-metadata.js';
import { VendorData } from './vendor-data/vendor-data.js';

/** An instance sends its few lines at once. */
const REQUEST_LIMIT_MS = 10_000;

/** Node looks for those who are late only now and then. */
const CHECKING_MS = 1000;

/** Longer than the slowest of those whom we ask ourselves. */
const SILENCE_MS = 30_000;

/** Of one instance at a time. */
const MOST_CONNECTIONS = 256;

const CLOSING_MS = 2000;

/** What the service stands on. */
export interface GuestServerParts {
  readonly settings: Settings;
  readonly source: DatabaseSource;
  readonly neighbour: NeighbourLookup;
  readonly log: Logger;
}

/**
 * The server for instances. All their requests go through one door, because what a path means is not for a router to
 * say: `//latest/./meta-data/` is as good as `/latest/meta-data`.
 */
export class GuestServer {
  private readonly server: Server;

  constructor(private readonly parts: GuestServerParts) {
    const door = new MetadataDoor(doorParts(parts));
    this.server = createServer(
      {
        headersTimeout: REQUEST_LIMIT_MS,
        requestTimeout: REQUEST_LIMIT_MS,
        connectionsCheckingInterval: CHECKING_MS,
      },
      (request, response) => void door.handle(request, response),
    );
    // Who asks and does not listen to the answer is cut off as well.
    this.server.timeout = SILENCE_MS;
    const { settings, log } = parts;
    // Behind a proxy all have its address.
    const isDirect = !settings.serviceMetadataProxy && !settings.useForwardedFor;
    if (isDirect) limitConnections(this.server, MOST_CONNECTIONS);
    this.server.on('error', (error) => log.error({ error }, 'the server for instances failed'));
  }

  /** @param host `::` on machines without IPv6, too */
  async listen(port: number, host: string): Promise<AddressInfo | string | null> {
    // Of its own accord Node takes all addresses of both families, as far as there are both.
    this.server.listen(port, host === '::' ? undefined : host);
    await once(this.server, 'listening');
    return this.server.address();
  }

  /** Answers under way are given, in time. Also before it listens. */
  async close(): Promise<void> {
    const closed = this.server.listening ? once(this.server, 'close') : undefined;
    this.server.close();
    setTimeout(() => this.server.closeAllConnections(), CLOSING_MS).unref();
    await closed;
    await this.parts.source.close();
  }
}

function doorParts({ settings, source, neighbour, log }: GuestServerParts): DoorParts {
  const trust = { isOn: settings.useForwardedFor, proxies: settings.metadataTrustedProxies };
  const secret = settings.serviceMetadataProxy ? settings.metadataProxySharedSecret : null;
  const isPassedOn = (request: IncomingMessage) => {
    const peer = peerAddress(request);
    const isTrusted = secret !== null || (peer !== undefined && isForwarded(peer, request, trust));
    return request.headers['x-forwarded-for'] !== undefined && !isTrusted;
  };
  return {
    identify: (request) =>
      secret === null ? callerBySource(request, trust) : callerByProxy(request, secret),
    limit: new RateLimit(settings.metadataRateLimit),
    lookup: new CachedLookup(source, settings.metadataCacheExpiration * 1000, neighbour, log),
    tokens: new SessionTokens(settings.metadataTokenSecret),
    tokenRules: {
      isRequired: settings.metadataTokens === 'required',
      isRequiredForOpenStack: settings.metadataTokensOpenstack === 'required',
    },
    isPassedOn,
    room: roomOf(settings, source, log),
    log,
  };
}

/** Our own data, or those of the compute service. */
function roomOf(settings: Settings, source: DatabaseSource, log: Logger): DoorParts['room'] {
  const { metadataUpstreamUrl: url, metadataUpstreamSecret: secret } = settings;
  if (url !== null) return new ComputeMetadata({ url, secret: secret ?? '' });
  return new InstanceRoom({
    passwords: source,
    vendorData: new VendorData(settings, log),
    facts: {
      domain: settings.dhcpDomain,
      traits: managerTraits(settings),
      singleDefaultGateway: settings.useSingleDefaultGateway,
    },
  });
}
