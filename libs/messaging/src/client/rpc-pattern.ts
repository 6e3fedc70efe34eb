import { isRecord } from '../wire/is-record.js';
import type { CallOptions, RpcTarget } from './rpc-target.js';

/** The pattern of Nest's `client.send(pattern, args)` and `client.emit(pattern, args)`. */
export interface RpcPattern {
  readonly target: RpcTarget;
  readonly method: string;
  readonly options?: CallOptions;
  /** With emit: to every server of the topic. */
  readonly isFanout?: boolean;
}

/** Throws TypeError. */
export function parsePattern(pattern: unknown): RpcPattern {
  if (isPattern(pattern)) return pattern;
  throw new TypeError('an RPC pattern has a target with a topic, and a method');
}

function isPattern(pattern: unknown): pattern is RpcPattern {
  if (!isRecord(pattern) || typeof pattern['method'] !== 'string') return false;
  return isRecord(pattern['target']) && typeof pattern['target']['topic'] === 'string';
}
