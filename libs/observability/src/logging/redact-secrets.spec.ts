import { describe, expect, it } from 'vitest';
import { redactSecrets } from './redact-secrets.js';

describe('secrets in a log line', () => {
  it.each([
    { name: 'a token', line: '{"auth_token":"abc","user":"u"}', redacted: '{"auth_token":"***","user":"u"}' },
    {
      name: 'a token in depth',
      line: '{"a":{"b":{"auth_token": "abc"}}}',
      redacted: '{"a":{"b":{"auth_token": "***"}}}',
    },
    {
      name: 'a password with quotes',
      line: '{"password":"a\\"b","c":1}',
      redacted: '{"password":"***","c":1}',
    },
    {
      name: 'a token in JSON in JSON',
      line: '{"body":"{\\"auth_token\\":\\"abc\\",\\"u\\":1}"}',
      redacted: '{"body":"{\\"auth_token\\":\\"***\\",\\"u\\":1}"}',
    },
    {
      name: 'a token three levels down',
      line: '{"m":"{\\"x\\":\\"{\\\\\\"auth_token\\\\\\": \\\\\\"abc\\\\\\"}\\"}"}',
      redacted: '{"m":"{\\"x\\":\\"{\\\\\\"auth_token\\\\\\": \\\\\\"***\\\\\\"}\\"}"}',
    },
    {
      name: 'a password in a URL',
      line: '{"url":"mysql://nova:s%2Fe@db:3306/nova"}',
      redacted: '{"url":"mysql://nova:***@db:3306/nova"}',
    },
    {
      name: 'passwords of several brokers',
      line: 'rabbit://u:p@a:1,u2:p2@b:2/v',
      redacted: 'rabbit://u:***@a:1,u2:***@b:2/v',
    },
    {
      name: 'nothing to hide',
      line: '{"at":"10:20:30","mac":"fa:16:3e:00:00:01","url":"http://a:80/b"}',
      redacted: undefined,
    },
    { name: 'an absent token', line: '{"auth_token":null}', redacted: undefined },
  ])('are replaced: $name', ({ line, redacted = line }) => {
    expect(redactSecrets(line)).toBe(redacted);
  });
});
