import { loadSettings } from '@novanet/config';
import type { HostPlan } from '@novanet/host-plan';
import type { ConvergeReport } from '@novanet/linux-net';
import { managerTraits } from '@novanet/network-managers';
import { describe, expect, it } from 'vitest';
import type { ConvergeCause } from './host-convergence.js';
import { OwnHost } from './own-host.js';

const report: ConvergeReport = { changed: false, changes: [], commands: 3, problems: [], durations: {} };

/** A host whose database is there until the test says otherwise. */
function hostWith(manager = 'FlatDHCPManager') {
  const plans: HostPlan[] = [];
  const database = { isAway: false };
  const rows = async () => {
    if (database.isAway) throw new Error('no database');
    return [];
  };
  const refuse = () => Promise.reject(new Error('not asked for'));
  const settings = loadSettings({
    argv: [],
    env: {
      NOVANET_NETWORK_MANAGER: manager,
      NOVANET_FLAT_NETWORK_BRIDGE: 'br100',
      NOVANET_MY_IP: '192.0.2.11',
    },
  });
  const ipam = {
    fixedIps: { servedBy: rows, namedIn: rows, nicsOn: rows, claimHostAddress: refuse },
    floatingIps: { servedBy: rows },
    dnsRecords: { all: rows },
    securityGroups: { rulesFor: async () => ({ instances: [], members: new Map(), providerRules: [] }) },
  };
  const linux = {
    converge: async (plan: HostPlan) => {
      plans.push(plan);
      return report;
    },
  };
  const own = new OwnHost(ipam, settings, managerTraits(settings), linux, { warn: () => {} });
  return { own, plans, database };
}

function convergeFor(own: OwnHost, cause: ConvergeCause): Promise<ConvergeReport> {
  return own.converge({ cause, isLook: false, changed: new Set(['everything']) });
}

describe('a host whose database is away', () => {
  it.each(['drift', 'port'] as const)('is mended by the last plan for a %s', async (cause) => {
    const { own, plans, database } = hostWith();
    await convergeFor(own, 'request');
    database.isAway = true;
    expect(await convergeFor(own, cause)).toEqual(report);
    expect(plans[1]).toBe(plans[0]);
  });

  it.each(['request', 'interval'] as const)('is not compared with an old plan for a %s', async (cause) => {
    const { own, plans, database } = hostWith();
    await convergeFor(own, 'request');
    database.isAway = true;
    await expect(convergeFor(own, cause)).rejects.toThrow('no database');
    expect(plans).toHaveLength(1);
  });

  it('cannot be mended before there was a plan', async () => {
    const { own, database } = hostWith();
    database.isAway = true;
    await expect(convergeFor(own, 'drift')).rejects.toThrow('no database');
  });
});

it('a host of FlatManager gets the metadata address, and neither rules nor settings of the kernel', async () => {
  const { own, plans } = hostWith('FlatManager');
  await convergeFor(own, 'request');
  expect(plans[0]).toMatchObject({
    sysctls: [],
    bridges: [],
    addresses: [{ device: 'lo', prefixLength: 32 }],
    firewall: { ipv4: { tables: [] }, ipv6: { tables: [] }, bridge: { tables: [] } },
    dhcpServers: [],
  });
});
