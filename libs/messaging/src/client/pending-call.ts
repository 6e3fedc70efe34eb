import { RemoteError, RpcTimeout } from '../errors.js';
import { deferred } from '../transport/deferred.js';
import type { RpcReply } from '../wire/reply.js';

export interface PendingCallOptions {
  readonly method: string;
  readonly destination: string;
  readonly messageId: string;
  readonly timeoutMs: number;
  /** Heartbeats were asked for: once they come, their absence for so long ends the call. */
  readonly monitorMs?: number;
  isConnected(): boolean;
}

/** A message on its way until it is answered (call) or confirmed (cast), or until its one deadline. */
export class PendingCall {
  private readonly ends = deferred<unknown>();
  private readonly timer: NodeJS.Timeout;
  private monitor: NodeJS.Timeout | undefined;
  private payload: unknown = null;
  private failure: RpcReply['failure'];
  /** Answered, failed or too late: nothing needs to be sent any more. */
  isOver = false;
  /** By performance.now(). */
  readonly deadline: number;
  stage: 'connecting' | 'publishing' | 'waiting' = 'connecting';

  constructor(private readonly options: PendingCallOptions) {
    this.deadline = performance.now() + options.timeoutMs;
    this.timer = setTimeout(() => {
      const isCutOff = this.stage === 'publishing' && !options.isConnected();
      this.timeOut(isCutOff ? 'connecting' : this.stage, options.timeoutMs);
    }, options.timeoutMs);
  }

  get answer(): Promise<unknown> {
    return this.ends.promise;
  }

  /**
   * Takes one message of the answer, and says whether it was the last. Servers before oslo.messaging 4.0 send two:
   * the payload, then the ending; newer ones send heartbeats first, when asked to.
   */
  accept(reply: RpcReply): boolean {
    if (reply.result !== null) this.payload = reply.result;
    this.failure ??= reply.failure;
    if (reply.isEnding) {
      if (this.failure) this.fail(new RemoteError(this.failure));
      else this.finish(this.payload);
      return true;
    }
    this.restartMonitor();
    return false;
  }

  finish(answer: unknown): void {
    this.settle(() => this.ends.resolve(answer));
  }

  fail(error: unknown): void {
    this.settle(() => this.ends.reject(error));
  }

  private restartMonitor(): void {
    const { monitorMs } = this.options;
    if (monitorMs === undefined) return;
    clearTimeout(this.monitor);
    this.monitor = setTimeout(() => this.timeOut('monitoring', monitorMs), monitorMs);
  }

  private timeOut(stage: RpcTimeout['stage'], afterMs: number): void {
    const { method, destination, messageId } = this.options;
    this.fail(new RpcTimeout(method, destination, messageId, stage, afterMs));
  }

  private settle(end: () => void): void {
    clearTimeout(this.timer);
    clearTimeout(this.monitor);
    this.isOver = true;
    end();
  }
}
