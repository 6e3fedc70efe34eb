import { expect, it } from 'vitest';

import { TopologyRefused } from './topology-refused.error.js';

it.each([
  { code: 541, says: /amqp_durable_queues = true.*transient_nonexcl_queues/ },
  { code: 403, says: /permission/ },
  { code: 405, says: /second worker .*same host name/ },
])('a refusal with code $code names the way out', ({ code, says }) => {
  const error = TopologyRefused.explain(
    'queue network',
    Object.assign(new Error('what the broker said'), { code }),
  );
  expect(error).toBeInstanceOf(TopologyRefused);
  expect(error).toMatchObject({ object: 'queue network', code });
  expect(String(error)).toMatch(/queue network: what the broker said/);
  expect(String(error)).toMatch(says);
});

it.each([new Error('connection lost'), Object.assign(new Error('x'), { code: 406 })])(
  '%s is left as it is',
  (error) => {
    expect(TopologyRefused.explain('queue network', error)).toBe(error);
  },
);
