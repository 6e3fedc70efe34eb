import { Ipv4, Mac, parseHostName } from '@novanet/net-address';
import { expect, test } from 'vitest';
import type { HeldLeaseRow } from './fixed-ip-store.port.js';
import { releaseOutcome } from './lease-event.js';

const owner = Mac.parse('fa:16:3e:00:00:01');
const stranger = Mac.parse('fa:16:3e:00:00:02');
const [here, there] = [parseHostName('net1'), parseHostName('net2')];
const address = Ipv4.parse('10.0.0.3');

const active: HeldLeaseRow = {
  fixedIpId: 1,
  isAllocated: true,
  lease: { mac: owner, host: here, expiresAt: null },
  vifMac: owner,
  isMultiHost: false,
};
const draining: HeldLeaseRow = { ...active, isAllocated: false, vifMac: null };
const nameless: HeldLeaseRow = { ...active, lease: { ...active.lease, mac: null } };

test.each([
  {
    name: 'the owner gives its lease back',
    row: active,
    event: { address, mac: owner },
    outcome: 'released',
  },
  { name: 'an old dhcpbridge names no MAC', row: active, event: { address }, outcome: 'released' },
  {
    name: 'a stranger gives back what it does not hold',
    row: active,
    event: { address, mac: stranger },
    outcome: 'ignored',
  },
  {
    name: 'the lease of a deleted instance ends',
    row: draining,
    event: { address, mac: owner },
    outcome: 'freed',
  },
  { name: 'a stranger cannot free it', row: draining, event: { address, mac: stranger }, outcome: 'ignored' },
  {
    name: 'an unnamed lease is the owner’s',
    row: nameless,
    event: { address, mac: owner },
    outcome: 'released',
  },
  {
    name: 'an unnamed lease is nobody else’s',
    row: nameless,
    event: { address, mac: stranger },
    outcome: 'ignored',
  },
  {
    name: 'the old host’s farewell after a migration',
    row: { ...active, isMultiHost: true },
    event: { address, mac: owner, host: there },
    outcome: 'ignored',
  },
  {
    name: 'a single-host network that another host took over',
    row: active,
    event: { address, mac: owner, host: there },
    outcome: 'released',
  },
])('$name: $outcome', ({ row, event, outcome }) => {
  expect(releaseOutcome(row, event)).toBe(outcome);
});
