import { expect } from 'vitest';
import { instanceOf } from './boot-instance.js';
import type { CommandRun } from './command-run.js';

const free = { project_id: null, fixed_ip: null, instance_uuid: null, interface: 'eth7' };

/** Of `novanet fixed` and `novanet floating`. */
export const addressCommands: readonly CommandRun[] = [
  {
    name: 'fixed reserve',
    line: 'fixed reserve 10.9%.0.77',
    says: '^Fixed IP 10.9%.0.77 reserved.$',
    holds: (n) => ({ address: `10.9${n}.0.77`, reserved: true }),
  },
  {
    name: 'fixed list',
    line: 'fixed list --network home% --state reserved',
    says: '^network +IP address +hostname +host +state +instance\n(.+\n)*10.9%.0.0/24 +10.9%.0.77 +- +- +reserved +-$',
    holds: (n) =>
      expect.arrayContaining([
        expect.objectContaining({ address: `10.9${n}.0.1`, role: 'gateway', reserved: true }),
        expect.objectContaining({ address: `10.9${n}.0.77`, role: 'reserved', reserved: true }),
      ]),
  },
  {
    name: 'fixed list',
    line: 'fixed list h1 --instance c20f5eb7-3731-4401-bb46-73409f46ef0%',
    says: '\n10.9%.0.0/24 +10.9%.0.3 +web% +h1 +allocated leased +[0-9a-f-]{36}$',
    holds: (n) => [
      expect.objectContaining({ address: `10.9${n}.0.3`, instance_uuid: instanceOf(n), host: 'h1' }),
    ],
  },
  {
    name: 'fixed unreserve',
    line: 'fixed unreserve 10.9%.0.77',
    says: '^Fixed IP 10.9%.0.77 unreserved.$',
    holds: (n) => ({ address: `10.9${n}.0.77`, reserved: false }),
  },
  {
    name: 'floating create',
    line: 'floating create 203.0.113.%0/31 pool% eth7',
    says: '^2 floating IPs of 203.0.113.%0/31 added to pool pool%.$',
    holds: (n) => ({ ip_range: `203.0.113.${n}0/31`, pool: `pool${n}`, interface: 'eth7', count: 2 }),
  },
  {
    name: 'floating list',
    line: 'floating list --pool pool%',
    says: '^project_id +address +instance_uuid +pool +interface\n- +203.0.113.%0 +- +pool% +eth7\n- +203.0.113.%1 +- +pool% +eth7$',
    holds: (n) => [0, 1].map((last) => ({ ...free, address: `203.0.113.${n}${last}`, pool: `pool${n}` })),
  },
  {
    name: 'floating pool list',
    line: 'floating pool list',
    says: '^name +total +free +allocated +associated\npool1 +2 +2 +0 +0\n',
    holds: () => expect.arrayContaining([{ name: 'pool1', total: 2, free: 2, allocated: 0, associated: 0 }]),
  },
  {
    name: 'floating delete',
    line: 'floating delete 203.0.113.%0/31',
    says: '^Floating IPs of 203.0.113.%0/31 deleted.$',
    holds: (n) => ({ ip_range: `203.0.113.${n}0/31` }),
  },
  {
    name: 'floating pool delete',
    line: 'floating pool delete pool%',
    says: '^Pool pool% deleted.$',
    holds: (n) => ({ name: `pool${n}` }),
  },
  {
    name: 'floating pool create',
    line: 'floating pool create a/b%',
    says: '^Pool a/b% created.$',
    holds: (n) => ({ name: `a/b${n}`, total: 0, free: 0, allocated: 0, associated: 0 }),
  },
  {
    name: 'floating pool delete',
    line: 'floating pool delete a/b%',
    says: '^Pool a/b% deleted.$',
    holds: (n) => ({ name: `a/b${n}` }),
  },
];
