import { hexIdOf } from './hex-id.js';
import { isRecord, type JsonObject } from './is-record.js';
import { toJson } from './python-json.js';
import { recoverReplyAddress, replyAddress, type ReplyAddress } from './reply-address.js';
import { UndecodableMessage } from './undecodable-message.error.js';

/** The security context of a request: the caller's identity, by nova's keys (user_id, project_id, request_id …). */
export type ContextValues = Readonly<Record<string, unknown>>;

export interface RpcRequest {
  readonly method: string;
  readonly args: Readonly<Record<string, unknown>>;
  readonly namespace: string | null;
  /** Absent means 1.0; null is a version that nobody serves. */
  readonly version?: string | null;
  /** Absent: nobody waits (cast, fanout). */
  readonly replyTo?: ReplyAddress;
  /** The caller wants a heartbeat twice in this many seconds. */
  readonly monitorSeconds: number | null;
  /** Absent in messages of very old callers. */
  readonly uniqueId?: string;
  readonly context: ContextValues;
}

const contextPrefix = '_context_';

/** Reads the inner object of a request; unknown keys are ignored. Throws UndecodableMessage. */
export function parseRequest(message: JsonObject): RpcRequest {
  const { method, args, namespace, version, _unique_id: uniqueId, _timeout: timeout } = message;
  const replyTo = replyAddress(message['_reply_q'], message['_msg_id']);
  if (typeof method !== 'string') throw malformed('a request must name its method', message);
  if (args !== undefined && args !== null && !isRecord(args)) {
    throw malformed(`the arguments of ${method} must be an object`, message);
  }
  return {
    method,
    args: args ?? {},
    namespace: typeof namespace === 'string' ? namespace : null,
    ...(version !== undefined && { version: typeof version === 'string' ? version : null }),
    ...(replyTo && { replyTo }),
    monitorSeconds: parseSeconds(timeout),
    ...(typeof uniqueId === 'string' && { uniqueId: hexIdOf(uniqueId) }),
    context: parseContext(message),
  };
}

/** The inner text of a request. */
export function renderRequest(request: RpcRequest): string {
  const { method, args, namespace, version, replyTo, monitorSeconds, uniqueId, context } = request;
  return toJson({
    method,
    args,
    ...(namespace !== null && { namespace }),
    ...(version !== undefined && { version }),
    ...(replyTo && { _msg_id: replyTo.messageId, _reply_q: replyTo.queue, _timeout: monitorSeconds }),
    ...(uniqueId !== undefined && { _unique_id: uniqueId }),
    ...renderContext(context),
  });
}

/** The keys that carry the context beside the others of a message, as they are in `message`. */
export function parseContext(message: JsonObject): ContextValues {
  const entries = Object.entries(message).filter(([key]) => key.startsWith(contextPrefix));
  return Object.fromEntries(entries.map(([key, value]) => [key.slice(contextPrefix.length), value]));
}

/** The context as keys beside the others of a message. */
export function renderContext(context: ContextValues): JsonObject {
  return Object.fromEntries(Object.entries(context).map(([key, value]) => [contextPrefix + key, value]));
}

/** Python sends a number; text that looks like one is taken, anything else is no wish for heartbeats. */
function parseSeconds(value: unknown): number | null {
  const seconds = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof seconds === 'number' && Number.isFinite(seconds) ? seconds : null;
}

function malformed(reason: string, message: JsonObject): UndecodableMessage {
  return new UndecodableMessage(reason, recoverReplyAddress(message), 'TypeError');
}
