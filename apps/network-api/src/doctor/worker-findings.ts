import type { CheckDict, FindingDict } from '@novanet/contracts';
import { isServiceUp, type Service } from '@novanet/ipam';
import { RpcUndeliverable } from '@novanet/messaging';
import type { HostName } from '@novanet/net-address';

/** What of the table of services is a network worker. */
const WORKER = 'network-worker';

const DEAD = 'its network worker is dead';
const UNSERVED = 'requests that concern this host fail, and what breaks on it is not mended';
const START = 'node apps/network-worker/dist/main.js --config-file /etc/nova/nova.conf';

/** What is known of the workers of some hosts. */
export interface WorkerRollCall {
  readonly findings: readonly FindingDict[];
  readonly checked: readonly CheckDict[];
  /** Hosts whose workers can be asked. */
  readonly alive: readonly HostName[];
}

/**
 * Which workers are dead. A worker that nobody needs may be: it is not looked at.
 * @param wanted hosts that have something to serve, or are asked for
 */
export function callRoll(
  services: readonly Service[],
  wanted: ReadonlySet<HostName>,
  { now, downTimeSeconds }: { readonly now: Date; readonly downTimeSeconds: number },
): WorkerRollCall {
  const workers = new Map(services.filter(({ binary }) => binary === WORKER).map((one) => [one.host, one]));
  const isUp = (service: Service | undefined) =>
    service !== undefined && isServiceUp(service, now, downTimeSeconds);
  const alive = [...workers.values()].filter(isUp).map(({ host }) => host);
  const dead = [...wanted].filter((host) => !isUp(workers.get(host))).toSorted();
  return {
    findings: dead.map((host) => deadFinding(host, workers.get(host))),
    checked: [...alive, ...dead]
      .toSorted()
      .map((host) => ({ check: 'worker', host, ok: alive.includes(host) })),
    alive,
  };
}

function deadFinding(host: HostName, service: Service | undefined): FindingDict {
  const about = { check: 'worker', host, subject: host, safe: false };
  if (service?.isForcedDown) {
    return {
      ...about,
      problem: 'its network worker is forced down',
      explanation: `somebody said that it counts as down whatever it reports: ${UNSERVED}`,
      command: `openstack compute service set --up ${host} nova-network`,
    };
  }
  const lastSeen = service && `last heard of at ${service.lastSeenAt.toISOString()}`;
  return {
    ...about,
    problem: DEAD,
    explanation:
      `${lastSeen ?? 'no worker of this name ever reported'}: ${UNSERVED}. Start it on ${host}; ` +
      'if it runs, its log says why it is not heard of (database, clock)',
    command: START,
  };
}

/** A worker that was heard of lately, and does not answer. */
export function silentFinding(host: HostName, reason: unknown): FindingDict {
  const about = { check: 'worker', host, subject: host, safe: false };
  if (reason instanceof RpcUndeliverable) {
    const explanation = `it reported lately, and nobody takes its requests any more: ${UNSERVED}. Start it on ${host}`;
    return { ...about, problem: DEAD, explanation, command: START };
  }
  return {
    ...about,
    problem: 'its network worker does not answer',
    explanation: `it reports, and a request to it failed: ${String(reason)}`,
    command: null,
  };
}
