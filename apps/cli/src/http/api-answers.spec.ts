import { describe, expect, it } from 'vitest';
import { describeFault, describeNoAnswer } from './api-answers.js';

const url = 'http://127.0.0.1:8774/v2.1/os-networks';

describe('describeFault', () => {
  it.each([
    {
      name: 'is the message of the fault',
      status: 404,
      answer: { itemNotFound: { code: 404, message: 'Network not found' } },
      failure: { outcome: 'refused', message: 'Network not found' },
    },
    {
      name: 'adds the way out of this command',
      status: 409,
      answer: { conflictingRequest: { code: 409, message: 'Network x is still in use.' } },
      failure: { outcome: 'refused', message: 'Network x is still in use; delete its instances.' },
    },
    {
      name: 'says who may ask',
      status: 403,
      answer: { forbidden: { code: 403, message: "Policy doesn't allow x to be performed." } },
      failure: {
        outcome: 'refused',
        message: "Policy doesn't allow x to be performed; NOVANET_TOKEN has to be an administrator's.",
      },
    },
    {
      name: 'reads only the first member, as nova clients do',
      status: 400,
      answer: { badRequest: { code: 400, message: 'one' }, error: { code: 400, message: 'two' } },
      failure: { outcome: 'refused', message: 'one' },
    },
    {
      name: 'counts an absent worker as unreachable',
      status: 503,
      answer: { serviceUnavailable: { code: 503, message: 'No network worker answers.' } },
      failure: { outcome: 'unreachable', message: 'No network worker answers.' },
    },
    {
      name: 'doubts the address when the answer is no fault',
      status: 404,
      answer: undefined,
      failure: {
        outcome: 'unreachable',
        message: `${url} answered, but not as the network API does (HTTP 404, no error message in it): check --api-url or NOVANET_API_URL.`,
      },
    },
  ])('$name', ({ status, answer, failure }) => {
    expect(describeFault(url, status, answer, { 409: 'delete its instances' })).toMatchObject(failure);
  });
});

const failure = (facts: object) => Object.assign(new Error('failed'), facts);

describe('describeNoAnswer', () => {
  it.each([
    ['connection refused', failure({ code: 'ECONNREFUSED' })],
    ['unknown host name', failure({ code: 'ENOTFOUND' })],
    ['what listens there does not speak HTTP', failure({ code: 'HPE_INVALID_CONSTANT' })],
    ['EPROTO', failure({ code: 'EPROTO' })],
    ['no answer in time', failure({ name: 'AbortError', code: 'ABORT_ERR' })],
    ['bad port', failure({ message: 'bad port' })],
  ])('names the reason: %s', (reason, error) => {
    expect(describeNoAnswer('http://api:8774', error).message).toBe(
      `The network API at http://api:8774 does not answer (${reason}): ` +
        'start it, or name another with --api-url or NOVANET_API_URL.',
    );
  });
});
