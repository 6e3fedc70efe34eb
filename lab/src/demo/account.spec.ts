import { expect, it } from 'vitest';

import { type Account, describeAccount } from './account.js';

const account: Account = {
  lab: 'demo',
  urls: {
    amqp: 'amqp://guest:guest@127.0.0.1:5001/',
    database: 'mysql://novanet:novanet@127.0.0.1:5002/novanet',
    api: 'http://127.0.0.1:5003',
  },
  instance: { name: 'demo', uuid: '1a1b', host: 'h1', netns: 'nvn-demo-vm-demo' },
  nic: { mac: 'fa:16:3e:00:00:01', bridge: 'br100', tap: 'tap8b0a2e5c-5d' },
  lease: {
    address: '10.0.0.3',
    prefixLength: 24,
    routers: ['10.0.0.1'],
    leaseSeconds: 120,
    server: '10.0.0.1',
  },
  metadata: { instanceId: 'i-00000001', hostname: 'demo.novalocal' },
  outside: { address: '198.51.100.1', pingMs: '0.21', seenAs: '192.0.2.11' },
};

it('tells what happened', () => {
  expect(describeAccount(account, { isOnce: true })).toBe(`What happened
  address   instance demo got 10.0.0.3/24: NIC fa:16:3e:00:00:01, tap8b0a2e5c-5d in br100 of h1
  lease     by DHCP from 10.0.0.1, for 120 s, router 10.0.0.1
  metadata  http://169.254.169.254 says that it is i-00000001, demo.novalocal
  outside   198.51.100.1 answers ping in 0.21 ms, and sees the instance as 192.0.2.11`);
});

it('tells how to talk to a cloud that stays', () => {
  const text = describeAccount(account, { isOnce: false });
  expect(text).toContain('AMQP      amqp://guest:guest@127.0.0.1:5001/');
  expect(text).toContain('npm run lab -- exec --lab demo demo -- ping -c 1 198.51.100.1');
  expect(text.endsWith('Ctrl-C ends it and removes everything.')).toBe(true);
});
