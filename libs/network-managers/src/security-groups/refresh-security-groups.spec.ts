import type { InstanceReference, MembershipChange } from '@novanet/ipam';
import { parseHostName, type HostName } from '@novanet/net-address';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { ComputeHosts } from './compute-hosts.port.js';
import { RefreshSecurityGroups } from './refresh-security-groups.js';

const compute1 = parseHostName('compute1');
const compute2 = parseHostName('compute2');

function reference(uuid: string, host: HostName | null): InstanceReference {
  return { computeId: 1, uuid, host, projectId: 'p1', userId: null };
}

class RecordingHosts extends ComputeHosts {
  readonly told: string[] = [];
  readonly down = new Set<HostName>();

  override async refreshSecurityRules(host: HostName, instances: readonly InstanceReference[]) {
    if (this.down.has(host)) throw new Error(`${host} is down`);
    this.told.push(`${host}: ${instances.map(({ uuid }) => uuid).join(' ')}`);
  }

  override async refreshFilters(host: HostName) {
    this.told.push(`${host}: its own`);
  }

  override async refreshAllFilters() {
    this.told.push('everybody');
  }
}

/** A flow whose instances are affected by anything, on a clock that only the test moves. */
function flow(affected: readonly InstanceReference[], changed: readonly InstanceReference[] = []) {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const changes: MembershipChange[] = [];
  const answers: (() => Promise<readonly InstanceReference[]>)[] = [];
  const affectedBy = async (change: MembershipChange) => {
    changes.push(change);
    return [...((await answers.shift()?.()) ?? affected)];
  };
  const hosts = new RecordingHosts();
  const problems: string[] = [];
  const refresh = new RefreshSecurityGroups(
    { affectedBy, whereabouts: async (uuids) => changed.filter(({ uuid }) => uuids.includes(uuid)) },
    hosts,
    (error, host) => problems.push(`${host ?? 'all'}: ${error instanceof Error ? error.message : ''}`),
    100,
  );
  return { refresh, hosts, changes, problems, answers };
}

describe('refreshing security groups', () => {
  it('asks once for all changes of a moment, and tells each host once of all its instances', async () => {
    const { refresh, hosts, changes } = flow([
      reference('a', compute1),
      reference('b', compute2),
      reference('c', compute1),
      reference('nowhere', null),
    ]);
    for (const uuid of ['x', 'y', 'x', 'z']) void refresh.membersChanged(uuid);
    void refresh.groupsChanged('y', [7, 8]);
    void refresh.groupsChanged('y', [8, 9]);
    void refresh.rulesChanged([5]);
    expect(changes).toEqual([]);
    await vi.advanceTimersByTimeAsync(100);
    await refresh.idle();
    expect(changes).toEqual([
      { instanceUuids: ['x', 'y', 'z'], groupIds: [7, 8, 9], movedUuids: ['y'], ruleGroupIds: [5] },
    ]);
    expect(hosts.told).toEqual(['compute1: a c', 'compute2: b']);
  });

  it('tells the hosts of the instances that changed, too, each once', async () => {
    const { refresh, hosts } = flow(
      [reference('a', compute1)],
      [reference('x', compute1), reference('y', compute2)],
    );
    await Promise.all([
      refresh.membersChanged('x'),
      refresh.membersChanged('y'),
      vi.advanceTimersByTimeAsync(100),
    ]);
    expect(hosts.told).toEqual(['compute1: a', 'compute2: its own']);
  });

  it('asks who lets in an instance with another floating IP, and leaves its own filters alone', async () => {
    const { refresh, hosts, changes } = flow([reference('a', compute1)], [reference('x', compute2)]);
    await Promise.all([refresh.floatingIpsChanged('x'), vi.advanceTimersByTimeAsync(100)]);
    expect(changes).toMatchObject([{ instanceUuids: ['x'] }]);
    expect(hosts.told).toEqual(['compute1: a']);
  });

  it('tells everybody of what concerns everybody', async () => {
    const { refresh, hosts } = flow([]);
    await refresh.allChanged();
    expect(hosts.told).toEqual(['everybody']);
  });

  it('asks again for what changes while it asks, and not at the same time', async () => {
    const { refresh, changes, answers } = flow([]);
    const { promise, resolve } = Promise.withResolvers<readonly InstanceReference[]>();
    answers.push(() => promise);
    void refresh.membersChanged('x');
    await vi.advanceTimersByTimeAsync(100);
    void refresh.membersChanged('x');
    await vi.advanceTimersByTimeAsync(500);
    expect(changes).toHaveLength(1);
    resolve([]);
    await vi.advanceTimersByTimeAsync(100);
    await refresh.idle();
    expect(changes).toHaveLength(2);
  });

  it('lets those wait who need everybody to be told', async () => {
    const { refresh, hosts } = flow([reference('a', compute1)]);
    const done = refresh.membersChanged('x').then(() => hosts.told.length);
    await vi.advanceTimersByTimeAsync(100);
    expect(await done).toBe(1);
  });

  it('reports what fails, and goes on', async () => {
    const { refresh, hosts, problems, answers } = flow([reference('a', compute1), reference('b', compute2)]);
    hosts.down.add(compute1);
    await Promise.all([refresh.membersChanged('x'), vi.advanceTimersByTimeAsync(100)]);
    answers.push(() => Promise.reject(new Error('no database')));
    await Promise.all([refresh.membersChanged('x'), vi.advanceTimersByTimeAsync(100)]);
    await Promise.all([refresh.membersChanged('x'), vi.advanceTimersByTimeAsync(100)]);
    expect(problems).toEqual([
      'compute1: compute1 is down',
      'all: no database',
      'compute1: compute1 is down',
    ]);
    expect(hosts.told).toEqual(['compute2: b', 'compute2: b']);
  });

  it('has nothing to wait for when nothing changed', async () => {
    const { refresh, changes } = flow([]);
    await refresh.idle();
    expect(changes).toEqual([]);
  });
});
