import { describe, expect, it } from 'vitest';

import { InvalidTransportUrl, parseTransportUrl } from './transport-url.js';

const guest = { hostname: 'h', port: 5672, username: 'guest', password: 'guest' };

describe('the hosts of a transport URL', () => {
  it.each([
    { url: 'rabbit://u:p@h1:5673/', hosts: [{ hostname: 'h1', port: 5673, username: 'u', password: 'p' }] },
    { url: 'rabbit://h', hosts: [guest] },
    { url: 'kombu://h', hosts: [guest] },
    { url: 'amqp://h', hosts: [guest] },
    { url: 'amqps://h', hosts: [{ ...guest, port: 5671 }] },
    { url: 'rabbit://', hosts: [{ ...guest, hostname: 'localhost' }] },
    { url: 'rabbit:///v', hosts: [{ ...guest, hostname: 'localhost' }] },
    { url: 'rabbit://u@h', hosts: [{ ...guest, username: 'u', password: '' }] },
    { url: 'rabbit://u:p%40%2F%3A%2C@h', hosts: [{ ...guest, username: 'u', password: 'p@/:,' }] },
    { url: 'rabbit://u:a:b@h', hosts: [{ ...guest, username: 'u', password: 'a:b' }] },
    { url: 'rabbit://u:p@x@h', hosts: [{ ...guest, username: 'u', password: 'p@x' }] },
    { url: 'rabbit://[2001:db8::1]:5673/', hosts: [{ ...guest, hostname: '2001:db8::1', port: 5673 }] },
    { url: 'rabbit://u:p@[::1]', hosts: [{ ...guest, hostname: '::1', username: 'u', password: 'p' }] },
    {
      url: 'rabbit://u:p@h1:5672,u2:p2@h2:5673/nova',
      hosts: [
        { hostname: 'h1', port: 5672, username: 'u', password: 'p' },
        { hostname: 'h2', port: 5673, username: 'u2', password: 'p2' },
      ],
    },
  ])('$url', ({ url, hosts }) => {
    expect(parseTransportUrl(url).hosts).toEqual(hosts);
  });
});

describe('the virtual host of a transport URL', () => {
  it.each([
    { url: 'rabbit://h', virtualHost: '/' },
    { url: 'rabbit://h/', virtualHost: '/' },
    { url: 'rabbit://h//', virtualHost: '/' },
    { url: 'rabbit://h/%2F', virtualHost: '/' },
    { url: 'rabbit://h/nova', virtualHost: 'nova' },
    { url: 'rabbit://h/a%2Fb', virtualHost: 'a/b' },
    { url: 'rabbit://h/100%25?ssl=1', virtualHost: '100%' },
    { url: 'rabbit://h?ssl=1', virtualHost: '/' },
  ])('$url', ({ url, virtualHost }) => {
    expect(parseTransportUrl(url).virtualHost).toBe(virtualHost);
  });
});

describe('the options of a transport URL', () => {
  it('switch encryption on, by their own or by the scheme', () => {
    expect(parseTransportUrl('rabbit://h/').tls).toBeUndefined();
    expect(parseTransportUrl('rabbit://h/?ssl_ca_file=/x').tls).toBeUndefined();
    expect(parseTransportUrl('amqps://h/').tls).toEqual({});
    expect(
      parseTransportUrl('rabbit://h/?ssl=true&ssl_ca_file=/ca&ssl_cert_file=/c&ssl_key_file=/k').tls,
    ).toEqual({
      authorities: '/ca',
      certificate: '/c',
      key: '/k',
    });
  });

  it('say how queues are declared', () => {
    const url = 'rabbit://h/?amqp_durable_queues=true&rabbit_ha_queues=False&rabbit_transient_queues_ttl=60';
    expect(parseTransportUrl(url).topology).toEqual({
      amqpDurableQueues: true,
      rabbitHaQueues: false,
      rabbitTransientQueuesTtl: 60,
    });
  });

  it('are named when nothing here heeds them', () => {
    const { unknownOptions, heartbeatSeconds } = parseTransportUrl(
      'rabbit://h/?heartbeat_timeout_threshold=10&x=1',
    );
    expect(unknownOptions).toEqual(['x']);
    expect(heartbeatSeconds).toBe(10);
  });
});

describe('what is no transport URL is refused without telling the password', () => {
  it.each([
    '',
    'localhost',
    'http://u:secret@h/',
    'rabbit://u:secret@h:99999/',
    'rabbit://u:secret@h:x/',
    'rabbit://u:secret%@h/',
  ])('%s', (url) => {
    expect(() => parseTransportUrl(url)).toThrow(InvalidTransportUrl);
    expect(() => parseTransportUrl(url)).not.toThrow(/secret/);
  });
});
