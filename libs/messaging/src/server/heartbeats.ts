import type { RpcLog } from '../rpc-log.js';
import type { RpcRequest } from '../wire/request.js';
import type { Replier } from './replier.js';

const shortestSeconds = 1;

/**
 * Sends the caller heartbeats while its request is worked on, if it asked for them: others would fail on them.
 * Returns what stops them.
 */
export function startHeartbeats(request: RpcRequest, replier: Replier, log: RpcLog): () => void {
  const { replyTo, monitorSeconds, method } = request;
  if (!replyTo || monitorSeconds === null || monitorSeconds < shortestSeconds) return () => undefined;
  const timer = setInterval(
    () => {
      replier.heartbeat(replyTo).catch((error: unknown) => {
        log.debug({ method, error: String(error) }, 'heartbeat not sent');
      });
    },
    (Math.floor(monitorSeconds) / 2) * 1000,
  );
  return () => clearInterval(timer);
}
