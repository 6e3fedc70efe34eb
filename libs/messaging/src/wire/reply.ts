import { parseFailure, renderFailure, type RpcFailure } from './failure.js';
import { hexId } from './hex-id.js';
import type { JsonObject } from './is-record.js';
import { toJson } from './python-json.js';

/** What became of a request. `result` is JSON text, so that it can be sent again whatever happens to the value. */
export type RpcOutcome =
  | { readonly kind: 'result'; readonly result: string }
  | { readonly kind: 'failure'; readonly failure: RpcFailure };

/** One message of an answer. */
export interface RpcReply {
  readonly messageId: string | undefined;
  readonly result: unknown;
  readonly failure: RpcFailure | undefined;
  /** The last message of this answer. A heartbeat is not, nor is the first of the two of servers before 4.0. */
  readonly isEnding: boolean;
}

/** The inner text of an answer in one message. */
export function renderReply(messageId: string, outcome: RpcOutcome): string {
  if (outcome.kind === 'result') return render(messageId, outcome.result, 'null', true);
  return render(messageId, 'null', toJson(renderFailure(outcome.failure)), true);
}

/** The inner text of the sign that a request is still being worked on. */
export function renderHeartbeat(messageId: string): string {
  return render(messageId, 'null', 'null', false);
}

function render(messageId: string, result: string, failure: string, isEnding: boolean): string {
  const ids = `"_msg_id": ${JSON.stringify(messageId)}, "_unique_id": "${hexId()}"`;
  return `{"result": ${result}, "failure": ${failure}, "ending": ${isEnding}, ${ids}}`;
}

/** Takes whatever a server of any age sends: every key may be absent. */
export function parseReply(message: JsonObject): RpcReply {
  const { result, failure, ending, _msg_id: messageId } = message;
  return {
    messageId: typeof messageId === 'string' ? messageId : undefined,
    result: result ?? null,
    failure: failure === undefined || failure === null ? undefined : parseFailure(failure),
    isEnding: ending === true,
  };
}
