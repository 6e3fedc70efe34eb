import { expect, it } from 'vitest';

import { parseLease } from './dhcp-client.js';

it('reads what udhcpc tells its script', () => {
  const environment = [
    'interface=eth0',
    'ip=10.0.0.3',
    'mask=24',
    'router=10.0.0.1 10.0.0.2',
    'dns=10.0.0.1',
    'lease=120',
    'serverid=10.0.0.1',
    'opt53=05',
  ].join('\n');
  expect(parseLease(environment)).toMatchObject({
    address: '10.0.0.3',
    prefixLength: 24,
    routers: ['10.0.0.1', '10.0.0.2'],
    nameServers: ['10.0.0.1'],
    leaseSeconds: 120,
    server: '10.0.0.1',
    options: { opt53: '05' },
  });
});
