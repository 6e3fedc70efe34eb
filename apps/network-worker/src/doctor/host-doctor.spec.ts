import { createServer } from 'node:net';
import { loadSettings } from '@novanet/config';
import type { HostPlan } from '@novanet/host-plan';
import { networkWith } from '@novanet/ipam/testing';
import type { HostExamination, HostFinding } from '@novanet/linux-net';
import { Ipv4Cidr } from '@novanet/net-address';
import { managerTraits } from '@novanet/network-managers';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { OwnDoctor } from './host-doctor.js';

/** A metadata service that takes connections. */
const metadata = createServer();
let metadataPort = 0;
beforeAll(async () => {
  await new Promise<void>((resolve) => metadata.listen(0, '127.0.0.1', resolve));
  const address = metadata.address();
  metadataPort = typeof address === 'object' ? (address?.port ?? 0) : 0;
});
afterAll(() => new Promise((resolve) => metadata.close(resolve)));

const finding = (subject: string): HostFinding => {
  const words = { problem: 'wrong', explanation: 'so it is', command: undefined, isSafe: true };
  return { check: 'devices', subject, ...words };
};
const seen = (...subjects: string[]): HostExamination => ({
  findings: subjects.map(finding),
  checked: [{ check: 'devices', isOk: subjects.length === 0 }],
});

/** A doctor who sees this, one look after the other; the last again and again. */
function doctorWho(looks: readonly HostExamination[], options: Readonly<Record<string, string>> = {}) {
  const env = {
    NOVANET_HOST: 'h1',
    NOVANET_MY_IP: '192.0.2.10',
    NOVANET_NETWORK_MANAGER: 'FlatDHCPManager',
    NOVANET_METADATA_HOST: '127.0.0.1',
    NOVANET_METADATA_PORT: String(metadataPort),
  };
  const settings = loadSettings({ argv: [], env: { ...env, ...options } });
  const network = networkWith([Ipv4Cidr.parse('10.0.0.0/24')], { isMultiHost: true });
  const plans: HostPlan[] = [];
  const claims: string[] = [];
  const ipam = {
    fixedIps: {
      servedBy: async () => [{ network, dhcpServer: null, hosts: [], leases: [], draining: [] }],
      namedIn: async () => [],
      nicsOn: async () => [],
      claimHostAddress: async (_: unknown, host: string) => {
        claims.push(host);
        throw new Error('never asked');
      },
    },
    floatingIps: { servedBy: async () => [] },
    dnsRecords: { all: async () => [] },
    securityGroups: {
      rulesFor: async () => ({ instances: [], members: new Map<number, never[]>(), providerRules: [] }),
    },
  };
  const linux = {
    examine: async (plan: HostPlan) => {
      plans.push(plan);
      return looks[Math.min(plans.length, looks.length) - 1] ?? seen();
    },
  };
  const doctor = new OwnDoctor({ ipam, settings, traits: managerTraits(settings), linux });
  return { doctor, plans, claims };
}

it.each([
  { name: 'nothing is wrong: one look', looks: [seen()], found: [], count: 1 },
  { name: 'something is wrong and stays so', looks: [seen('br100')], found: ['br100'], count: 3 },
  { name: 'a request was under way', looks: [seen('br100'), seen()], found: [], count: 2 },
  {
    name: 'one of two stays',
    looks: [seen('br100', 'br101'), seen('br101', 'br102')],
    found: ['br101'],
    count: 3,
  },
])('$name', async ({ looks, found, count }) => {
  const { doctor, plans } = doctorWho(looks);
  const { findings, checked } = await doctor.examine();
  expect(findings.map(({ subject }) => subject)).toEqual(found);
  expect(checked).toEqual([
    { check: 'devices', isOk: found.length === 0 },
    { check: 'metadata', isOk: true },
  ]);
  expect(plans).toHaveLength(count);
});

it('writes nothing to the database: that the host lacks an address is told', async () => {
  const { doctor, plans, claims } = doctorWho([seen()]);
  await doctor.examine();
  expect(claims).toEqual([]);
  expect(plans[0]?.problems).toMatchObject([{ message: expect.stringContaining('gets no address') }]);
});

it('looks at nothing on a host without a kernel of its own', async () => {
  const { doctor, plans } = doctorWho([seen('br100')], { NOVANET_FAKE_NETWORK: 'true' });
  expect(await doctor.examine()).toEqual({ findings: [], checked: [] });
  expect(plans).toEqual([]);
});

it('says that nobody answers for metadata', async () => {
  const { doctor } = doctorWho([seen()], { NOVANET_METADATA_PORT: '1' });
  const { findings } = await doctor.examine();
  expect(findings).toMatchObject([{ check: 'metadata', subject: '127.0.0.1:1', isSafe: false }]);
});
