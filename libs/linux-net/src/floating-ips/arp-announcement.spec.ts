import { Ipv4 } from '@novanet/net-address';
import { expect, test } from 'vitest';
import { arpAnnouncement } from './arp-announcement.js';

const announced = { address: Ipv4.parse('203.0.113.5'), mac: '52:54:00:00:00:10' };

test.each([
  { form: 'request' as const, operation: '0001', target: '000000000000' },
  { form: 'reply' as const, operation: '0002', target: '525400000010' },
])('an announcement as $form says to everybody who has the address', ({ form, operation, target }) => {
  expect(arpAnnouncement(announced, form)).toBe(
    [
      'ffffffffffff5254000000100806',
      `000108000604${operation}`,
      '525400000010cb007105',
      `${target}cb007105`,
    ].join(''),
  );
});

test('an address that begins with zeros keeps its length', () => {
  const address = Ipv4.parse('0.0.0.9');
  expect(arpAnnouncement({ ...announced, address }, 'request')).toHaveLength(84);
});
