import type { RuleFamily } from '@novanet/host-plan';
import { CommandFailed, type CommandRunner } from './commands/command-runner.js';
import type { ConvergeProblem } from './converge-report.js';
import type { Course } from './course.js';
import type { IpSets } from './firewall/address-sets.js';
import type { Firewalls } from './firewall/firewalls.js';
import { findChainsOfOtherVariant } from './firewall/other-variant.js';
import { LEGACY_IPV6_TABLES } from './firewall/rule-tool.js';
import type { Netlink, Presence } from './netlink/netlink.js';

/** The parts of a host in which something may be left. */
interface Parts {
  readonly runner: CommandRunner;
  readonly netlink: Netlink;
  readonly firewall: Firewalls;
  readonly sets: IpSets;
}

/**
 * What earlier lives left where the plans of this one have not looked: rules of families that they do not use, sets, chains
 * of iptables' other variant. Looked for once, in what is there at all.
 */
export class Leftovers {
  private chains: readonly ConvergeProblem[] | undefined;

  constructor(private readonly parts: Parts) {}

  /** Takes away what is ours to take; chains of the other variant are reported, each time. */
  async remove(course: Course): Promise<void> {
    this.chains ??= await this.removeOnce(course);
    course.problems.push(...this.chains);
  }

  private async removeOnce(course: Course): Promise<readonly ConvergeProblem[]> {
    const { runner, firewall, sets } = this.parts;
    const presence = await this.presence();
    const families = presence && new Set([...presence.families, ...(await this.legacyFamilies())]);
    await course.run('firewall', () => firewall.removeLeftovers(families));
    await course.run('firewall', () => sets.removeLeftovers(presence?.sets));
    return findChainsOfOtherVariant(runner, {
      isNft: firewall.isTold,
      hasNftTables: presence?.families.has('ipv4'),
    });
  }

  /** Undefined when nobody knows: without perl, or on a kernel without nftables. */
  private async presence(): Promise<Presence | undefined> {
    try {
      return await this.parts.netlink.presence();
    } catch (error) {
      if (error instanceof CommandFailed) return undefined;
      throw error;
    }
  }

  /** A kernel without modules has ebtables as nft alone. */
  private async legacyFamilies(): Promise<RuleFamily[]> {
    const [tables = '', modules = ''] = await Promise.all(
      [LEGACY_IPV6_TABLES, '/proc/modules'].map((path) => this.parts.runner.readKernelFile(path)),
    );
    return [
      ...(tables.trim() === '' ? [] : (['ipv6'] as const)),
      ...(/^ebtable_filter /m.test(modules) ? (['bridge'] as const) : []),
    ];
  }
}
