import { expect, it } from 'vitest';
import { configurationFolders, loadSettings } from './index.js';

it.each([
  { argv: [], folders: ['/etc/novanet'] },
  { argv: ['--config-file', '/etc/nova/nova.conf'], folders: ['/etc/nova'] },
  { argv: ['--config-file=/a/x', '--config-file', '/b/y', '--config-file', '/b/z'], folders: ['/b', '/a'] },
])('files beside those of $argv lie in $folders', ({ argv, folders }) => {
  expect(configurationFolders(argv)).toEqual(folders);
});

/** The values that a nova.conf of an earlier release leads to. */
function settingsOf(content: string) {
  const warnings: string[] = [];
  const settings = loadSettings({
    argv: ['--config-file', '/nova.conf'],
    env: {},
    machine: {
      hostName: () => 'node1',
      ipv4: () => '192.0.2.7',
      readFile: () => content,
      bridgeProgram: '/bridge',
      version: () => '1',
    },
    warn: (line) => warnings.push(line),
  });
  return { settings, warnings };
}

it.each([
  { lines: '[keystone_authtoken]\nauth_uri = http://k:5000', field: 'keystoneAuthenticateUri' },
  { lines: '[keystone_authtoken]\nidentity_uri = http://k:5000', field: 'keystoneUrl' },
  { lines: '[keystone_authtoken]\nadmin_user = http://k:5000', field: 'keystoneUsername' },
  { lines: '[keystone_authtoken]\nadmin_tenant_name = http://k:5000', field: 'keystoneProjectName' },
] as const)('$lines sets $field', ({ lines, field }) => {
  const { settings, warnings } = settingsOf(lines);
  expect([settings[field], warnings]).toEqual(['http://k:5000', []]);
  // Elsewhere it is somebody else's.
  expect(settingsOf(lines.replace('keystone_authtoken', 'DEFAULT')).settings[field]).toBeNull();
});

it('the section of keystonemiddleware is understood as people have it', () => {
  const lines = [
    '[keystone_authtoken]',
    'www_authenticate_uri = http://controller:5000/',
    'auth_url = http://controller:5000/',
    'memcached_servers = controller:11211',
    'auth_type = password',
    'auth_plugin = password',
    'auth_host = controller',
    'auth_port = 35357',
    'auth_protocol = http',
    'auth_version = v3',
    'user_domain_name = Default',
    'project_domain_name = Default',
    'project_name = service',
    'username = nova',
    'password = secret',
    'service_token_roles = service',
    'service_token_roles_required = true',
    'signing_dir = /var/cache/nova',
    'delay_auth_decision = false',
    'region_name = RegionOne',
  ];
  const { settings, warnings } = settingsOf(lines.join('\n'));
  expect(settings).toMatchObject({ keystoneUsername: 'nova', keystoneUserDomainName: 'Default' });
  expect(warnings).toEqual([]);
});
