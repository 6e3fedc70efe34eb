import { expect, it } from 'vitest';
import { checkConfiguration, type Machine } from './index.js';

function check(content: string, env: Record<string, string> = {}) {
  const machine: Machine = {
    hostName: () => 'node1',
    ipv4: () => '192.0.2.7',
    readFile: (path) => (path === '/a.conf' ? content : undefined),
    bridgeProgram: '/opt/novanet-dhcpbridge',
    version: () => '1.2.3',
  };
  return checkConfiguration({ argv: ['--config-file', '/a.conf'], env, machine });
}

it('counts the options that are set, in files and environment', () => {
  const content = '[DEFAULT]\nmy_ip = 192.0.2.1\nmy_ip = 192.0.2.2\nhost = h1\nglance_host = x\n';
  expect(check(content, { NOVANET_HOST: 'h2', NOVANET_LOG_LEVEL: 'warn' })).toEqual({
    problems: [],
    remarks: [],
    optionsSet: 3,
  });
});

it('tells everything that is wrong with its place, and what may be', () => {
  const { problems, remarks } = check('[DEFAULT]\nmy_ip = bogus\nmulti_host = perhaps\nmutli_host = true\n');
  expect(problems).toEqual([
    expect.stringMatching(/^my_ip in \/a.conf line 2: /),
    expect.stringMatching(/^multi_host in \/a.conf line 3: /),
  ]);
  expect(remarks).toEqual(['mutli_host in /a.conf line 4 is not an option; is multi_host meant?']);
});
