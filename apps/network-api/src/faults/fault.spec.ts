import * as ipam from '@novanet/ipam';
import { describe, expect, it } from 'vitest';
import { faultBody, statusByKind } from './fault.js';
import { novaErrorKinds } from './nova-error-kinds.js';

describe('faultBody', () => {
  it.each([
    [400, 'badRequest', 'Bad Request'],
    [401, 'unauthorized', 'Unauthorized'],
    [403, 'forbidden', 'Forbidden'],
    [404, 'itemNotFound', 'Not Found'],
    [405, 'badMethod', 'Method Not Allowed'],
    [406, 'computeFault', 'Internal Server Error'],
    [409, 'conflictingRequest', 'Conflict'],
    [413, 'overLimit', 'Over Limit'],
    [415, 'badMediaType', 'Unsupported Media Type'],
    [429, 'overLimit', 'Over Limit'],
    [500, 'computeFault', 'Internal Server Error'],
    [501, 'notImplemented', 'Not Implemented'],
    [503, 'serviceUnavailable', 'Service Unavailable'],
  ])('%d is a %s, which comes first', (status, name, title) => {
    expect(Object.entries(faultBody(status, 'why'))).toEqual([
      [name, { code: status, message: 'why' }],
      ['error', { code: status, message: 'why', title }],
    ]);
  });
});

it('says when to come again where nova’s clients look for it', () => {
  expect(faultBody(429, 'why', '3')['overLimit']).toEqual({ code: 429, message: 'why', retryAfter: '3' });
  expect(faultBody(503, 'why', '3')['serviceUnavailable']).toEqual({ code: 503, message: 'why' });
});

describe('the kinds of errors', () => {
  const classes = Object.values<unknown>(ipam).filter(isErrorClass);

  it.each(classes.map((errorClass) => [errorClass.name, errorClass] as const))(
    '%s has a status of its kind when it comes from a worker',
    (name, errorClass) => {
      const { kind } = new errorClass('1', ['2']);
      expect(novaErrorKinds.get(name)).toBe(kind);
      expect(statusByKind[kind]).toBeGreaterThanOrEqual(400);
    },
  );

  it('are those of all errors there are', () => {
    expect(classes.length).toBe(novaErrorKinds.size - ['TypeError', 'ValueError'].length);
  });
});

type ErrorClass = new (...args: unknown[]) => ipam.NetworkServiceError;

function isErrorClass(value: unknown): value is ErrorClass {
  return typeof value === 'function' && value.prototype instanceof ipam.NetworkServiceError;
}
