import type { MembershipChange, SecurityGroupBook } from '@novanet/ipam';
import type { HostName } from '@novanet/net-address';
import type { ComputeHosts } from './compute-hosts.port.js';

/** Told of what could not be refreshed: everything, or the instances of one host. */
export type RefreshProblem = (error: unknown, host: HostName | undefined) => void;

/** Changes that are looked at together. */
interface Batch {
  readonly instanceUuids: Set<string>;
  /** Of those: whose own filters are out of date as well. */
  readonly filteredUuids: Set<string>;
  readonly groupIds: Set<number>;
  readonly movedUuids: Set<string>;
  readonly ruleGroupIds: Set<number>;
  readonly done: Promise<void>;
}

/**
 * Makes hosts build filters anew that let in the members of a group. nova asks the database and sends a message to each
 * of those instances for every address that comes or goes; here changes share a question, and an instance gets one message
 * for all of them.
 */
export class RefreshSecurityGroups {
  private open: Batch | undefined;
  private last: Promise<void> = Promise.resolve();

  constructor(
    private readonly groups: Pick<SecurityGroupBook, 'affectedBy' | 'whereabouts'>,
    private readonly computeHosts: ComputeHosts,
    private readonly onProblem: RefreshProblem,
    /** How long a change waits for others. */
    private readonly windowMs = 100,
  ) {}

  /**
   * The addresses of the instance changed. Resolves, never rejects, when whom it concerns was told: to be waited for only
   * by those who are going to forget the instance.
   */
  membersChanged(instanceUuid: string): Promise<void> {
    const batch = this.join();
    batch.instanceUuids.add(instanceUuid);
    batch.filteredUuids.add(instanceUuid);
    return batch.done;
  }

  /** The instance is seen under other floating IPs than before. Resolves like {@link membersChanged}. */
  floatingIpsChanged(instanceUuid: string): Promise<void> {
    const batch = this.join();
    batch.instanceUuids.add(instanceUuid);
    return batch.done;
  }

  /** The instance entered or left these groups. Resolves like {@link membersChanged}. */
  groupsChanged(instanceUuid: string, groupIds: readonly number[]): Promise<void> {
    const batch = this.join();
    batch.movedUuids.add(instanceUuid);
    for (const groupId of groupIds) batch.groupIds.add(groupId);
    return batch.done;
  }

  /** The groups have other rules than before. Resolves like {@link membersChanged}. */
  rulesChanged(groupIds: readonly number[]): Promise<void> {
    const batch = this.join();
    for (const groupId of groupIds) batch.ruleGroupIds.add(groupId);
    return batch.done;
  }

  /** Rules changed that are all instances'. Resolves, never rejects, when everybody was told. */
  async allChanged(): Promise<void> {
    await this.computeHosts.refreshAllFilters().catch((error: unknown) => this.onProblem(error, undefined));
  }

  /** Resolves when everybody was told of all that changed until now. */
  idle(): Promise<void> {
    return this.last;
  }

  private join(): Batch {
    this.open ??= this.begin();
    return this.open;
  }

  /** Batches follow each other: what is slow is not asked for twice at a time. */
  private begin(): Batch {
    const change = {
      instanceUuids: new Set<string>(),
      filteredUuids: new Set<string>(),
      groupIds: new Set<number>(),
      movedUuids: new Set<string>(),
      ruleGroupIds: new Set<number>(),
    };
    const done = this.afterWindow(this.last, async () => {
      this.open = undefined;
      const { instanceUuids, groupIds, movedUuids, ruleGroupIds, filteredUuids } = change;
      await this.refresh(
        {
          instanceUuids: [...instanceUuids],
          groupIds: [...groupIds],
          movedUuids: [...movedUuids],
          ruleGroupIds: [...ruleGroupIds],
        },
        [...filteredUuids],
      );
    });
    this.last = done;
    return { ...change, done };
  }

  private async afterWindow(before: Promise<void>, work: () => Promise<void>): Promise<void> {
    await before;
    await new Promise((resolve) => setTimeout(resolve, this.windowMs));
    await work();
  }

  private async refresh(change: MembershipChange, filteredUuids: readonly string[]): Promise<void> {
    try {
      const affected = await this.groups.affectedBy(change);
      const byHost = Map.groupBy(affected, ({ host }) => host);
      const own = await this.groups.whereabouts(filteredUuids);
      const others = new Set(own.flatMap(({ host }) => (host && !byHost.has(host) ? host : [])));
      await Promise.all([
        ...[...byHost].flatMap(([host, instances]) =>
          host ? [this.told(host, this.computeHosts.refreshSecurityRules(host, instances))] : [],
        ),
        ...[...others].map((host) => this.told(host, this.computeHosts.refreshFilters(host))),
      ]);
    } catch (error) {
      this.onProblem(error, undefined);
    }
  }

  /** A host that cannot be told does not keep the others from it. */
  private async told(host: HostName, telling: Promise<void>): Promise<void> {
    await telling.catch((error: unknown) => this.onProblem(error, host));
  }
}
