import { describe, expect, it } from 'vitest';
import { ConfigurationError, loadSettings } from './index.js';

const RABBIT = '[oslo_messaging_rabbit]';

/** Everything that is said about a configuration file. */
function saidOf(content: string): {
  readonly remarks: readonly string[];
  readonly problems: readonly string[];
} {
  const remarks: string[] = [];
  const machine = {
    hostName: () => 'node1',
    ipv4: () => '192.0.2.7',
    readFile: () => content,
    bridgeProgram: '/opt/novanet/bin/novanet-dhcpbridge',
    version: () => '1.2.3',
  };
  try {
    loadSettings({
      argv: ['--config-file', '/a.conf'],
      env: {},
      machine,
      warn: (remark) => remarks.push(remark),
    });
  } catch (error) {
    if (error instanceof ConfigurationError) return { remarks, problems: error.problems };
    throw error;
  }
  return { remarks, problems: [] };
}

describe('the address of the broker in older names', () => {
  const names = [
    'rabbit_host',
    'rabbit_hosts',
    'rabbit_port',
    'rabbit_userid',
    'rabbit_password',
    'rabbit_virtual_host',
  ];
  it.each(['[DEFAULT]', RABBIT].flatMap((section) => names.map((name) => ({ section, name }))))(
    'is remarked on: $section $name',
    ({ section, name }) => {
      const remark =
        `${name} in /a.conf line 2 is not read: ` +
        'write transport_url = rabbit://user:password@host:5672/vhost instead';
      expect(saidOf(`${section}\n${name} = hunter2\n`)).toEqual({ remarks: [remark], problems: [] });
    },
  );
});

describe('encryption in older names', () => {
  it.each([
    { name: 'the switch', file: `${RABBIT}\nssl = True`, option: 'ssl' },
    { name: 'the older switch', file: `${RABBIT}\nrabbit_use_ssl = 1`, option: 'rabbit_use_ssl' },
    { name: 'the flag', file: '--rabbit_use_ssl\n--rabbit_use_ssl', option: 'rabbit_use_ssl' },
    {
      name: 'a transport_url that does not ask for it',
      file: `${RABBIT}\nssl = yes\n[DEFAULT]\ntransport_url = rabbit://u:hunter2@h/?ssl=false`,
      option: 'ssl',
    },
  ])('keeps services from starting: $name', ({ file, option }) => {
    const { remarks, problems } = saidOf(file);
    expect(problems).toEqual([
      `${option} in /a.conf line 2 is not read, and transport_url does not ask for encryption: ` +
        'write ?ssl=true&ssl_ca_file=/path/of/the/file at the end of transport_url',
    ]);
    expect(remarks).toEqual([]);
  });

  it.each([
    { name: 'off', file: `${RABBIT}\nssl = false\nrabbit_use_ssl = 0` },
    { name: 'switched off later', file: `${RABBIT}\nssl = true\n[DEFAULT]\n${RABBIT}\nssl = false` },
    {
      name: 'asked for in transport_url',
      file: `${RABBIT}\nssl = true\n[DEFAULT]\ntransport_url = rabbit://u:p@h/?ssl_ca_file=/c&ssl=1`,
    },
    {
      name: 'in the scheme of transport_url',
      file: `${RABBIT}\nssl = true\n[DEFAULT]\ntransport_url = amqps://u:p@h/`,
    },
    { name: "nova's web server's", file: '[DEFAULT]\nssl_ca_file = /c' },
    { name: 'empty', file: `${RABBIT}\nkombu_ssl_ca_certs =\nkombu_ssl_version =` },
  ])('is not mentioned when it is $name', ({ file }) => {
    expect(saidOf(file)).toEqual({ remarks: [], problems: [] });
  });

  it.each([
    { name: 'ssl_ca_file', ours: 'ssl_ca_file' },
    { name: 'ssl_cert_file', ours: 'ssl_cert_file' },
    { name: 'ssl_key_file', ours: 'ssl_key_file' },
    { name: 'kombu_ssl_ca_certs', ours: 'ssl_ca_file' },
    { name: 'kombu_ssl_certfile', ours: 'ssl_cert_file' },
    { name: 'kombu_ssl_keyfile', ours: 'ssl_key_file' },
  ])('has the name of a file remarked on: $name', ({ name, ours }) => {
    expect(saidOf(`${RABBIT}\n${name} = /c`).remarks).toEqual([
      `${name} in /a.conf line 2 is not read: ` +
        `write ?ssl=true&${ours}=/path/of/the/file at the end of transport_url instead`,
    ]);
  });

  it('has its version remarked on', () => {
    expect(saidOf(`${RABBIT}\nkombu_ssl_version = TLSv1`).remarks).toEqual([
      'kombu_ssl_version in /a.conf line 2 is not read: ' +
        'the broker and this service agree on the newest version that both know',
    ]);
  });
});
