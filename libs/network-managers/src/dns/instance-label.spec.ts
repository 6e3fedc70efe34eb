import { Ipv4 } from '@novanet/net-address';
import { expect, test } from 'vitest';
import { instanceLabel } from './instance-label.js';

test.each([
  { given: 'web1', expected: 'web1' },
  { given: 'Web Server 1', expected: 'web-server-1' },
  { given: 'fake_instance00', expected: 'fake_instance00' },
  { given: 'y'.repeat(63), expected: 'y'.repeat(63) },
  { given: 'z'.repeat(300), expected: `zz-${'z'.repeat(60)}` },
  { given: `a-${'b'.repeat(300)}`, expected: `a--${'b'.repeat(60)}` },
  { given: 'web.example.com', expected: 'web-example-com' },
  { given: 'evil\n10.0.0.66 bank', expected: 'evil-10-0-0-66-bank' },
  { given: 'evil\0\r\n', expected: 'evil' },
  { given: 'Größe 1!', expected: 'gr--e-1' },
  { given: 'web\u212a', expected: 'web' },
  { given: '日本', expected: 'host-10-0-0-3' },
  { given: '-_-', expected: 'host-10-0-0-3' },
  { given: '', expected: 'host-10-0-0-3' },
  { given: null, expected: 'host-10-0-0-3' },
  { given: 'LocalHost', expected: 'host-localhost' },
  { given: '.localhost.', expected: 'host-localhost' },
  { given: '300', expected: '300' },
])('calls "$given" "$expected"', ({ given, expected }) => {
  expect(instanceLabel(given, Ipv4.parse('10.0.0.3'))).toBe(expected);
});
