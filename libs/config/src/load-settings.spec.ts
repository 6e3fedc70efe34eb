import { describe, expect, it } from 'vitest';
import { ConfigurationError, InformationRequested, loadSettings, renderConfigurationPage } from './index.js';
import type { Machine } from './index.js';
import { environmentNameOf, type AnyOption } from './option.js';
import { OPTIONS } from './options.js';

function machineWith(files: Record<string, string>): Machine {
  return {
    hostName: () => 'node1',
    ipv4: () => '192.0.2.7',
    readFile: (path) => files[path],
    bridgeProgram: '/opt/novanet/bin/novanet-dhcpbridge',
    version: () => '1.2.3',
  };
}

/** Loads one file, or several named a, b, c in order. */
function load(content: string | readonly string[], env: Record<string, string> = {}) {
  const files = Object.fromEntries([content].flat().map((each, index) => [`/${'abc'[index]}.conf`, each]));
  const argv = Object.keys(files).flatMap((path) => ['--config-file', path]);
  const warnings: string[] = [];
  const settings = loadSettings({
    argv,
    env,
    machine: machineWith(files),
    warn: (line) => warnings.push(line),
  });
  return { settings, warnings };
}

/** Values as text, so that a table can be read. */
function texts(
  content: string | readonly string[],
  env: Record<string, string> = {},
): Record<string, unknown> {
  const plain: unknown = JSON.parse(JSON.stringify(load(content, env).settings));
  return plain as Record<string, unknown>;
}

function problemsOf(
  content: string | readonly string[],
  env: Record<string, string> = {},
): readonly string[] {
  try {
    load(content, env);
  } catch (error) {
    if (error instanceof ConfigurationError) return error.problems;
    throw error;
  }
  return [];
}

describe('the table of options', () => {
  it('gives every option its default', () => {
    expect(texts('')).toMatchSnapshot();
  });

  it('names the field of a [DEFAULT] option like the option', () => {
    const camel = (name: string) => name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
    const rows = Object.entries<AnyOption>(OPTIONS).filter(([, row]) => row.group === 'DEFAULT');
    expect(rows.map(([key]) => key)).toEqual(rows.map(([, row]) => camel(row.name)));
  });

  it('is what docs/configuration.md says; otherwise write it anew with `npx vitest run -u libs/config`', async () => {
    await expect(renderConfigurationPage()).toMatchFileSnapshot('../../../docs/configuration.md');
  });

  it.each(Object.keys(OPTIONS).map((key) => [environmentNameOf(key)]))('is set by %s', (name) => {
    expect(name).toMatch(/^NOVANET_[A-Z0-9]+(_[A-Z0-9]+)*$/);
  });
});

describe('a nova.conf', () => {
  const cases = [
    {
      name: 'takes equal signs',
      file: '[DEFAULT]\ndhcp_domain = a.example',
      field: 'dhcpDomain',
      value: 'a.example',
    },
    {
      name: 'takes colons',
      file: '[DEFAULT]\ndhcp_domain: a.example',
      field: 'dhcpDomain',
      value: 'a.example',
    },
    {
      name: 'splits at the first of both',
      file: '[DEFAULT]\nstate_path=/a:b=c',
      field: 'statePath',
      value: '/a:b=c',
    },
    { name: 'takes quotes off', file: '[DEFAULT]\nhost = "node2"', field: 'host', value: 'node2' },
    {
      name: 'skips comments of both kinds',
      file: '# a\n; b\n[DEFAULT]\n#host=x\nhost=y',
      field: 'host',
      value: 'y',
    },
    { name: 'lets the last assignment win', file: '[DEFAULT]\nhost=a\nhost=b', field: 'host', value: 'b' },
    {
      name: 'continues values',
      file: '[DEFAULT]\ndmz_cidr = 10.0.0.0/8,\n  192.0.2.0/24\n',
      field: 'dmzCidr',
      value: ['10.0.0.0/8', '192.0.2.0/24'],
    },
    {
      name: 'collects repeated options',
      file: '[DEFAULT]\ndns_server=1.1.1.1\nhost=a\ndns_server=2.2.2.2',
      field: 'dnsServer',
      value: ['1.1.1.1', '2.2.2.2'],
    },
    {
      name: 'reads groups',
      file: '[database]\nconnection=mysql://u:p@db/n\n[DEFAULT]\nhost=a',
      field: 'databaseConnection',
      value: 'mysql://u:p@db/n',
    },
    { name: 'takes what stands before a section for [DEFAULT]', file: 'host=a', field: 'host', value: 'a' },
    { name: 'reads windows line ends', file: '[DEFAULT]\r\nhost=a\r\n', field: 'host', value: 'a' },
    {
      name: 'takes an empty value for none',
      file: '[DEFAULT]\nrouting_source_ip =',
      field: 'routingSourceIp',
      value: null,
    },
    {
      name: 'takes an empty value for the default where none is no choice',
      file: '[DEFAULT]\nmy_ip =',
      field: 'myIp',
      value: '192.0.2.7',
    },
    {
      name: 'ignores groups of other programs',
      file: '[libvirt]\nhost = !!\n[DEFAULT]\nhost=a',
      field: 'host',
      value: 'a',
    },
    {
      name: 'reads the word all',
      file: '[DEFAULT]\nforward_bridge_interface=eth0\nforward_bridge_interface=all',
      field: 'forwardBridgeInterface',
      value: null,
    },
    {
      name: 'reads interfaces to forward to',
      file: '[DEFAULT]\nforward_bridge_interface=eth0\nforward_bridge_interface=eth1',
      field: 'forwardBridgeInterface',
      value: ['eth0', 'eth1'],
    },
    {
      name: 'turns debug into a log level',
      file: '[DEFAULT]\ndebug = True',
      field: 'logLevel',
      value: 'debug',
    },
    {
      name: 'leaves the log level alone when debug is off',
      file: '[DEFAULT]\ndebug = false',
      field: 'logLevel',
      value: 'info',
    },
    {
      name: 'prefers the log level to debug',
      file: '[DEFAULT]\ndebug = true\nlog_level=warn',
      field: 'logLevel',
      value: 'warn',
    },
    {
      name: 'takes the database URL of Python',
      file: '[database]\nconnection=mysql+pymysql://n:s%2Fx@db:3307/nova?charset=utf8',
      field: 'databaseConnection',
      value: 'mysql+pymysql://n:s%2Fx@db:3307/nova?charset=utf8',
    },
    {
      name: 'reads the old name of the database',
      file: '[DEFAULT]\nsql_connection=mysql://n:s@db/nova',
      field: 'databaseConnection',
      value: 'mysql://n:s@db/nova',
    },
  ];
  it.each(cases)('$name', ({ file, field, value }) => {
    expect(texts(file)[field]).toEqual(value);
  });
});

describe('references', () => {
  const cases = [
    {
      name: 'stand for another option',
      file: '[DEFAULT]\nmy_ip=10.9.9.9',
      field: 'metadataHost',
      value: '10.9.9.9',
    },
    {
      name: 'may be in braces',
      file: '[DEFAULT]\nstate_path=/s\nspool_path=${state_path}x',
      field: 'spoolPath',
      value: '/sx',
    },
    {
      name: 'go on from one to the next',
      file: '[DEFAULT]\nstate_path=/$host\n',
      field: 'spoolPath',
      value: '/node1/dhcp-events',
    },
    {
      name: 'reach options of other programs',
      file: '[DEFAULT]\nlock_path=/l\nstate_path=$lock_path/s',
      field: 'statePath',
      value: '/l/s',
    },
    {
      name: 'reach other groups',
      file: '[x]\np=/l\n[DEFAULT]\nstate_path=${x.p}/s',
      field: 'statePath',
      value: '/l/s',
    },
    {
      name: 'are escaped by doubling',
      file: '[DEFAULT]\nstate_path=/a$$host',
      field: 'statePath',
      value: '/a$host',
    },
    {
      name: 'are escaped by a backslash',
      file: '[DEFAULT]\nstate_path=/a\\$host',
      field: 'statePath',
      value: '/a$host',
    },
  ];
  it.each(cases)('$name', ({ file, field, value }) => {
    expect(texts(file)[field]).toEqual(value);
  });
});

describe('an older flag file', () => {
  const cases = [
    { name: 'sets values', file: '--flat_network_bridge=br100', field: 'flatNetworkBridge', value: 'br100' },
    {
      name: 'takes dashes in names',
      file: '--flat-network-bridge=br100',
      field: 'flatNetworkBridge',
      value: 'br100',
    },
    { name: 'switches on', file: '# flags\n\n--multi_host', field: 'multiHost', value: true },
    {
      name: 'switches off',
      file: '--nouse_network_dns_servers\n--nomulti_host',
      field: 'multiHost',
      value: false,
    },
    { name: 'understands T', file: '--multi_host=T', field: 'multiHost', value: true },
    {
      name: 'repeats',
      file: '--dns_server=1.1.1.1\n--dns_server=2.2.2.2',
      field: 'dnsServer',
      value: ['1.1.1.1', '2.2.2.2'],
    },
    {
      name: 'reads verbose flags of other programs',
      file: '--verbose\n--nodaemon\n--host=a',
      field: 'host',
      value: 'a',
    },
  ];
  it.each(cases)('$name', ({ file, field, value }) => {
    expect(texts(file)[field]).toEqual(value);
  });
});

describe('several sources', () => {
  it('let the later file win', () => {
    expect(texts(['[DEFAULT]\nhost=a\ndhcp_domain=x', '[DEFAULT]\nhost=b'])).toMatchObject({
      host: 'b',
      dhcpDomain: 'x',
    });
  });

  it('add up repeated options', () => {
    expect(texts(['[DEFAULT]\ndns_server=1.1.1.1', '--dns_server=2.2.2.2'])['dnsServer']).toEqual([
      '1.1.1.1',
      '2.2.2.2',
    ]);
  });

  it('let the environment win over files', () => {
    expect(
      texts('[DEFAULT]\nhost=a', { NOVANET_HOST: 'e', NOVANET_AMQP_DURABLE_QUEUES: 'yes' }),
    ).toMatchObject({
      host: 'e',
      amqpDurableQueues: true,
    });
  });

  it('begin with the default file when none is named', () => {
    const machine = machineWith({ '/etc/novanet/novanet.conf': '[DEFAULT]\nhost=d' });
    expect(loadSettings({ argv: [], env: {}, machine }).host).toBe('d');
  });
});

describe('a complaint', () => {
  const cases = [
    {
      name: 'names option, place and value',
      file: '[DEFAULT]\n\nflat_interface = eth 0',
      problem:
        'flat_interface in /a.conf line 3: "eth 0" is not a network device name (1 to 15 of A-Z a-z 0-9 . _ -)',
    },
    {
      name: 'says which numbers are possible',
      file: '[DEFAULT]\nmetadata_port=0',
      problem: 'metadata_port in /a.conf line 2: "0" is not a port number (1 to 65535)',
    },
    {
      name: 'refuses more seconds than a timer can count',
      file: '[DEFAULT]\nrpc_response_timeout=2147484',
      problem: 'rpc_response_timeout in /a.conf line 2: "2147484" is not a number of seconds (1 to 2147483)',
    },
    {
      name: 'refuses a pattern that is none',
      file: '[DEFAULT]\niptables_top_regex = (?P<admin>',
      problem: 'iptables_top_regex in /a.conf line 2: "(?P<admin>" is not a regular expression',
    },
    {
      name: 'refuses a comment behind a value',
      file: '[DEFAULT]\nnetwork_size = 64 # small',
      problem: 'network_size in /a.conf line 2: "64 # small" is not a whole number (1 or more)',
    },
    {
      name: 'lists the choices',
      file: '[DEFAULT]\nlog_level=loud',
      problem: 'log_level in /a.conf line 2: "loud" is not one of trace, debug, info, warn, error, fatal',
    },
    {
      name: 'keeps passwords to itself',
      file: '[database]\nconnection=postgres://u:secret@h/d',
      problem:
        '[database] connection in /a.conf line 2: the text is not a database URL (mysql://user:password@host:port/database)',
    },
    {
      name: 'reports a reference to nothing',
      file: '[DEFAULT]\nstate_path=$nope/x',
      problem: 'state_path in /a.conf line 2: nothing sets $nope; a dollar sign itself is written $$',
    },
    {
      name: 'reports a line without sense',
      file: '[DEFAULT]\nhost',
      problem: '/a.conf line 2: "host" is not of the form name = value',
    },
    {
      name: 'reports an indented line without value before it',
      file: '[DEFAULT]\nhost=a\n\n  b',
      problem: '/a.conf line 4 is indented, but there is no value before it to continue',
    },
    {
      name: 'reports half a section',
      file: '[DEFAULT\nhost=!\n',
      problem: '/a.conf line 1: "[DEFAULT" is not a [group]',
    },
    {
      name: 'reports a line that is no flag',
      file: '--host=a\nhost=b',
      problem: '/a.conf line 2: "host=b" is not of the form --name=value',
    },
  ];
  it.each(cases)('$name', ({ file, problem }) => {
    expect(problemsOf(file)).toEqual([problem]);
  });

  it('reports all problems at once', () => {
    expect(
      problemsOf('[DEFAULT]\nmy_ip=1.2.3\nhost=#\nmulti_host=maybe', { NOVANET_METADATA_PORT: 'x' }),
    ).toEqual([
      'host in /a.conf line 3: "#" is not a host name (A-Z a-z 0-9 . _ -)',
      'my_ip in /a.conf line 2: "1.2.3" is not an IPv4 address',
      'multi_host in /a.conf line 4: "maybe" is not a boolean (true or false)',
      'metadata_port in environment variable NOVANET_METADATA_PORT: "x" is not a port number (1 to 65535)',
    ]);
  });

  it('reports references in a circle', () => {
    expect(problemsOf('[DEFAULT]\nstate_path=$spool_path\nspool_path=$state_path')[0]).toBe(
      'state_path in /a.conf line 2: the reference $state_path leads back to itself',
    );
  });

  it('names a file that does not exist', () => {
    const read = () => loadSettings({ argv: ['--config-file', '/x'], env: {}, machine: machineWith({}) });
    expect(read).toThrow(new ConfigurationError(['the configuration file /x does not exist']));
  });

  it('names arguments nobody understands', () => {
    const read = () =>
      loadSettings({ argv: ['--host=a', '--config-file'], env: {}, machine: machineWith({}) });
    expect(read).toThrow(
      '"--host=a" is not understood; try --help\n--config-file needs the path of a file after it',
    );
  });
});

describe('a warning', () => {
  const cases = [
    {
      name: 'suggests what was meant',
      file: '[DEFAULT]\nflat_interfaces=eth0',
      warning: 'flat_interfaces in /a.conf line 2 is not an option; is flat_interface meant?',
    },
    {
      name: 'suggests options of groups',
      file: '[database]\nconection=x',
      warning: 'conection in /a.conf line 2 is not an option; is [database] connection meant?',
    },
    {
      name: 'tells of networking options that do nothing here',
      file: '--use_neutron=true',
      warning: 'use_neutron in /a.conf line 1 has no effect: this service takes the place of nova-network',
    },
    {
      name: 'tells what replaces an option',
      file: '--rabbit_host=h',
      warning:
        'rabbit_host in /a.conf line 1 is not read: write transport_url = rabbit://user:password@host:5672/vhost instead',
    },
    {
      name: 'is not given for an option that is off',
      file: '[DEFAULT]\nuse_neutron = False',
      warning: undefined,
    },
    {
      name: 'is not given for other parts of nova',
      file: '[DEFAULT]\ncompute_driver=libvirt\nosapi_volume_listen=x\n[libvirt]\nhosts=a',
      warning: undefined,
    },
  ];
  it.each(cases)('$name', ({ file, warning }) => {
    expect(load(file).warnings).toEqual(warning === undefined ? [] : [warning]);
  });

  it('is given for environment variables too', () => {
    expect(load('', { NOVANET_MYIP: '1.2.3.4', NOVANET_MYSQL_URL: 'x', PATH: '/bin' }).warnings).toEqual([
      'environment variable NOVANET_MYIP is not an option; is NOVANET_MY_IP meant?',
    ]);
  });
});

describe('a switch of one program', () => {
  const switches = { '--force': 'does it all the same' };

  it('is passed over, and explained by --help', () => {
    const sources = { env: {}, machine: machineWith({}), switches };
    expect(loadSettings({ ...sources, argv: ['--force'] })).toMatchObject({ networkTopic: 'network' });
    const asked = () => loadSettings({ ...sources, argv: ['--force', '--help'] });
    expect(asked).toThrow(
      expect.objectContaining({ text: expect.stringMatching(/--force: does it all the same/) }),
    );
  });

  it('is not understood by others', () => {
    const read = () => loadSettings({ env: {}, machine: machineWith({}), argv: ['--force'] });
    expect(read).toThrow('"--force" is not understood');
  });
});

describe('a command of one program', () => {
  it('is explained by --help', () => {
    const commands = { drain: 'takes everything away' };
    const sources = { env: {}, machine: machineWith({}), commands, argv: ['--help'] };
    expect(() => loadSettings(sources)).toThrow(
      expect.objectContaining({
        text: expect.stringMatching(/ {3}or: drain {3}takes everything away; see drain --help\n/),
      }),
    );
  });
});

describe('a question', () => {
  it.each([
    { argument: '--version', answer: /^novanet 1\.2\.3$/ },
    { argument: '--help', answer: /\n {2}flat_network_dns \(IPv4 address; default: `8\.8\.4\.4`\)\n/ },
  ])('$argument is answered instead of starting', ({ argument, answer }) => {
    const read = () =>
      loadSettings({ argv: ['--config-file=/none', argument], env: {}, machine: machineWith({}) });
    let text = '';
    try {
      read();
    } catch (error) {
      if (error instanceof InformationRequested) text = error.text;
    }
    expect(text).toMatch(answer);
  });
});
