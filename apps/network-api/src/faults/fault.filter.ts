import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { isRecord } from '@novanet/contracts';
import { currentRequestId, type Logger } from '@novanet/observability';
import type { Request, Response } from 'express';
import { requesterOf } from '../auth/auth.guard.js';
import { describeFailure, UNEXPECTED } from './describe-failure.js';
import { faultBody } from './fault.js';

/** Answers every failed request with a fault, and logs those that somebody has to look at. */
@Catch()
export class FaultFilter implements ExceptionFilter {
  constructor(private readonly log: Logger) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const response = http.getResponse<Response>();
    if (response.headersSent) {
      this.log.error({ error }, 'answer broke off');
      return;
    }
    const { status, message, isUnexpected } = describeFailure(error);
    const ownBody = bodyOf(error);
    if (ownBody) {
      response.status(status).json(ownBody);
      return;
    }
    if (isUnexpected) this.log.error({ error }, 'request failed');
    else if (status >= 500) this.log.warn({ status, reason: message }, 'request not carried out');
    const hint = isUnexpected ? ` (request ${currentRequestId() ?? 'unknown'}: the log has more)` : '';
    // It names hosts and statements, which are none of a project's business.
    const isHidden = isUnexpected && !requesterOf(http.getRequest<Request>())?.isAdmin;
    const told = (isHidden ? UNEXPECTED : message) + hint;
    response.status(status).json(faultBody(status, told, response.get('Retry-After')));
  }
}

/** A page whose refusals have a form of their own, as the health page's, is answered in that form. */
function bodyOf(error: unknown): object | undefined {
  const body = error instanceof HttpException ? error.getResponse() : undefined;
  return isRecord(body) && !('statusCode' in body) ? body : undefined;
}
