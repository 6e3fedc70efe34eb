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
      name: 'a password behind a long name',
      line: `${'x'.repeat(300)}amqp://${'u'.repeat(300)}:${'p'.repeat(300)}@a/`,
      redacted: `${'x'.repeat(300)}amqp://${'u'.repeat(300)}:***@a/`,
    },
    {
      name: 'a password with a comma and a colon',
      line: 'at rabbit://u:p,q:r@a:1/ and (mysql://n:s@db)',
      redacted: 'at rabbit://u:***@a:1/ and (mysql://n:***@db)',
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

describe('a long line of a stranger', () => {
  const levels = [7, 6, 5, 4, 3, 2, 1].map((count) => '\\'.repeat(count));
  it.each([
    { name: 'letters', part: 'a' },
    { name: 'schemes', part: 'a://' },
    { name: 'users', part: 'a://b:' },
    { name: 'commas', part: ',' },
    { name: 'commas and users', part: ',a:' },
    { name: 'commas and names', part: ',a' },
    { name: 'passwords without end', part: '://u:p,' },
    { name: 'backslashes', part: '\\' },
    { name: 'quotes', part: '"' },
    { name: 'quoted quotes', part: '\\"' },
    { name: 'open fields', part: '"password":"' },
    { name: 'open quoted fields', part: '\\"password\\":\\"' },
    { name: 'blanks in a field', part: ' ', begin: '"password":' },
    { name: 'an open value', part: 'a', begin: '"password":"' },
    {
      name: 'open values of every level',
      part: 'a',
      begin: levels.map((level) => `${level}"secret${level}":${level}"`).join(''),
    },
  ])('is done in no time: $name', ({ part, begin = '' }) => {
    const line = begin + part.repeat(Math.ceil(1_000_000 / part.length));
    const startedAt = performance.now();
    redactSecrets(line);
    expect(performance.now() - startedAt).toBeLessThan(300);
  });
});
