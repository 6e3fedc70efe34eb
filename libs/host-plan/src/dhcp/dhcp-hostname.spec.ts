import { Ipv4 } from '@novanet/net-address';
import { expect, test } from 'vitest';
import { dhcpHostname } from './dhcp-hostname.js';

test.each([
  { given: 'fake_instance00', expected: 'fake_instance00' },
  { given: 'y'.repeat(63), expected: 'y'.repeat(63) },
  { given: 'z'.repeat(64), expected: `zz-${'z'.repeat(60)}` },
  {
    given: 'really_long_fake_instance02_to_test_hostname_truncation_when_too_long',
    expected: 're-ng_fake_instance02_to_test_hostname_truncation_when_too_long',
  },
  { given: 'web.example.com', expected: 'web-example-com' },
  { given: 'evil,10.0.0.9\nset:x', expected: 'evil-10-0-0-9-set-x' },
  { given: 'Größe 1!', expected: 'Gr--e-1' },
  { given: '-_-', expected: 'host-10-0-0-3' },
  { given: '', expected: 'host-10-0-0-3' },
  { given: 'ignore', expected: 'host-ignore' },
  { given: 'Infinite', expected: 'host-Infinite' },
  { given: '300', expected: 'host-300' },
  { given: '12h', expected: 'host-12h' },
  { given: '2W', expected: 'host-2W' },
  { given: '.ignore.', expected: 'host-ignore' },
  { given: '1'.repeat(60), expected: `ho-${'1'.repeat(60)}` },
  { given: 'ignored', expected: 'ignored' },
  { given: '12hours', expected: '12hours' },
])('calls "$given" "$expected"', ({ given, expected }) => {
  expect(dhcpHostname(given, Ipv4.parse('10.0.0.3'))).toBe(expected);
});
