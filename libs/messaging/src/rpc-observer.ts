import { RemoteError, RpcTimeout, RpcUndeliverable } from './errors.js';

/** A request that was answered, or worked off. */
export interface ServedRequest {
  /** "(not declared)" for a method that nobody declared: what callers make up is no label of a metric. */
  readonly method: string;
  readonly namespace: string | null;
  readonly outcome: 'ok' | 'failed' | 'refused' | 'repeated';
  readonly seconds: number;
}

/** A message of ours, from the request to its answer, or to the broker's confirmation. */
export interface SentRequest {
  readonly method: string;
  readonly topic: string;
  readonly kind: 'call' | 'cast' | 'fanout';
  readonly outcome: 'ok' | 'remote error' | 'timeout' | 'undeliverable' | 'error';
  readonly seconds: number;
}

/** For metrics. */
export interface RpcObserver {
  served?(request: ServedRequest): void;
  sent?(request: SentRequest): void;
}

export function outcomeOfError(error: unknown): SentRequest['outcome'] {
  if (error instanceof RemoteError) return 'remote error';
  if (error instanceof RpcTimeout) return 'timeout';
  return error instanceof RpcUndeliverable ? 'undeliverable' : 'error';
}
