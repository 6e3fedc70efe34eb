import { Ipv4 } from '@novanet/net-address';
import { expect, it } from 'vitest';
import { planHost } from '../plan-host.js';
import { intentOf, networkOf } from '../testing/index.js';

const address = Ipv4.parse('10.0.0.3');
const planOf = (...names: string[]) =>
  planHost(intentOf([networkOf()], {}, { names: names.map((name) => ({ name, address })) }));

it.each([
  'web',
  'web.novalocal',
  '_sip.example.org',
  '10-0-0-3.x',
  'A'.repeat(63),
  'xn--bcher-kva.example',
  `${'a.'.repeat(126)}a`,
])('serves the name %s', (name) => {
  expect(planOf(name)).toMatchObject({ names: { content: `10.0.0.3 ${name}\n` }, problems: [] });
});

it.each([
  '',
  '.',
  'web.',
  'a..b',
  '-web',
  'web-',
  'two words',
  'web\n10.0.0.1 bank.example.org',
  'web # comment',
  'bücher.example',
  'A'.repeat(64),
  `${'a.'.repeat(127)}a`,
])('reports "%s", which is no name, and serves the others', (name) => {
  const { names, problems } = planOf(name, 'web');
  expect(names.content).toBe('10.0.0.3 web\n');
  expect(problems).toEqual([{ subject: JSON.stringify(name), message: expect.stringContaining('10.0.0.3') }]);
});
