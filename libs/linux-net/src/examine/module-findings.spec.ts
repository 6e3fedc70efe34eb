import { planHost } from '@novanet/host-plan';
import { intentOf, networkOf } from '@novanet/host-plan/testing';
import { parseDeviceName } from '@novanet/net-address';
import { expect, test } from 'vitest';
import { vlanModuleFindings } from './module-findings.js';

const flat = planHost(intentOf([networkOf()]));
const tagged = planHost(intentOf([networkOf({ vlan: 100, bridgeInterface: parseDeviceName('eth1') })]));

test.each([
  { name: 'no VLAN is served', plan: flat, file: undefined, subjects: [] },
  { name: 'the kernel has VLANs', plan: tagged, file: 'VLAN Dev name', subjects: [] },
  { name: 'a VLAN is served and the kernel has none', plan: tagged, file: undefined, subjects: ['8021q'] },
])('$name: $subjects', ({ plan, file, subjects }) => {
  const findings = vlanModuleFindings(new Map(), plan, file);
  expect(findings.map(({ subject }) => subject)).toEqual(subjects);
});
