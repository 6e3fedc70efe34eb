import { HttpException } from '@nestjs/common';
import { NetworkServiceError } from '@novanet/ipam';
import {
  RemoteError,
  RpcClosed,
  RpcPublishRefused,
  RpcTimeout,
  RpcUndeliverable,
  TopologyRefused,
} from '@novanet/messaging';
import { statusByKind } from './fault.js';
import { NOT_SUPPORTED } from './reworded.js';
import { novaErrorKinds } from './nova-error-kinds.js';

/** How a failed request is answered. */
export interface Failure {
  readonly status: number;
  readonly message: string;
  /** Nobody expected this error: the log needs it whole. */
  readonly isUnexpected: boolean;
}

/** What is told of it to those who cannot mend it. */
export const UNEXPECTED = 'Unexpected API error';

const wayOut = 'novanet service list shows which workers are alive';

/** Every error that a request may end with, in the caller's words. */
export function describeFailure(error: unknown): Failure {
  if (error instanceof NetworkServiceError) return byKind(error.kind, error.message);
  if (error instanceof RemoteError) return describeRemote(error);
  if (error instanceof HttpException) return describeHttp(error);
  return describeAbsence(error) ?? unexpected(UNEXPECTED);
}

/** What the worker said, in the worker's words. */
function describeRemote(error: RemoteError): Failure {
  if (error.className === 'NoSuchMethod') return expected(501, NOT_SUPPORTED);
  const kind = novaErrorKinds.get(error.className);
  if (kind) return byKind(kind, error.message);
  // Another network manager could.
  if (error.className === 'NotImplementedError') {
    return expected(501, 'The requested functionality is not supported.');
  }
  return unexpected(`The network worker failed: ${error.className}: ${error.message}`);
}

function byKind(kind: NetworkServiceError['kind'], message: string): Failure {
  return kind === 'internal' ? unexpected(message) : expected(statusByKind[kind], message);
}

function describeHttp(error: HttpException): Failure {
  const status = error.getStatus();
  const isUnknownRoute = status === 404 && /^Cannot [A-Z]+ \//.test(error.message);
  return expected(status, isUnknownRoute ? 'The resource could not be found.' : error.message);
}

/** The worker, or the way to it, is not there. */
function describeAbsence(error: unknown): Failure | undefined {
  if (error instanceof RpcUndeliverable) {
    return expected(503, `No network worker answers: none is running; ${wayOut}.`);
  }
  if (error instanceof RpcTimeout) {
    const after = `within ${error.afterMs / 1000} s`;
    if (error.stage === 'connecting' || error.stage === 'publishing') {
      return expected(
        503,
        `The message broker does not answer ${after}: check transport_url, and the broker itself.`,
      );
    }
    return expected(
      503,
      `No network worker answered ${after}, but one may still do what was asked; ${wayOut}.`,
    );
  }
  if (error instanceof RpcPublishRefused || error instanceof TopologyRefused)
    return expected(503, error.message);
  if (error instanceof RpcClosed) return expected(503, 'The API is stopping: try again.');
  return undefined;
}

function expected(status: number, message: string): Failure {
  return { status, message, isUnexpected: false };
}

function unexpected(message: string): Failure {
  return { status: 500, message, isUnexpected: true };
}
