import { forLog, type RpcLog } from '../rpc-log.js';
import type { RpcRequest } from '../wire/request.js';
import type { Replier } from './replier.js';

const shortestSeconds = 1;
/** A timer that is set for longer runs without any pause. */
const longestPauseMs = 2 ** 31 - 1;

/**
 * Sends the caller heartbeats while its request is worked on, if it asked for them: others would fail on them.
 * Returns what stops them.
 */
export function startHeartbeats(
  request: RpcRequest,
  replier: Pick<Replier, 'heartbeat'>,
  log: RpcLog,
): () => void {
  const { replyTo, monitorSeconds, method } = request;
  if (!replyTo || monitorSeconds === null || monitorSeconds < shortestSeconds) return () => undefined;
  const pauseMs = Math.min((Math.floor(monitorSeconds) / 2) * 1000, longestPauseMs);
  const timer = setInterval(() => {
    replier.heartbeat(replyTo).catch((error: unknown) => {
      log.debug({ method: forLog(method), error: String(error) }, 'heartbeat not sent');
    });
  }, pauseMs);
  return () => clearInterval(timer);
}
