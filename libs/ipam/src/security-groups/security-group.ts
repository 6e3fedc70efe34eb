import type { Cidr, HostName } from '@novanet/net-address';

export type IpProtocol = 'tcp' | 'udp' | 'icmp';

/**
 * What a rule is about: ports of TCP and UDP, type and code of ICMP (−1: any). Everything null: traffic of every kind.
 */
export interface Traffic {
  readonly protocol: IpProtocol | null;
  readonly fromPort: number | null;
  readonly toPort: number | null;
}

/** Traffic from a block of addresses, before it is written. */
export interface CidrRuleDraft extends Traffic {
  readonly cidr: Cidr;
}

/** A rule that belongs to no group: one of those a new default group begins with, or one of the provider's. */
export interface CidrRule extends CidrRuleDraft {
  readonly id: number;
}

/** A rule of a group, before it is written. */
export interface RuleDraft extends Traffic {
  readonly source: { readonly cidr: Cidr } | { readonly groupId: number };
}

/** What a group is called, for those who do not ask for its rules. */
export interface GroupName {
  readonly id: number;
  readonly projectId: string;
  readonly name: string;
}

/** Lets traffic in to the members of its group. */
export interface SecurityGroupRule extends Traffic {
  readonly id: number;
  readonly parentGroupId: number;
  /** A block of addresses, or whatever addresses the members of a group have. */
  readonly source: { readonly cidr: Cidr } | { readonly group: GroupName };
}

/** The rules that instances of a project share. Names are unique in a project. */
export interface SecurityGroup extends GroupName {
  readonly userId: string | null;
  readonly description: string | null;
  /** By age. */
  readonly rules: readonly SecurityGroupRule[];
}

export interface SecurityGroupDraft {
  readonly projectId: string;
  readonly userId: string | null;
  readonly name: string;
  readonly description: string | null;
}

/** The group that every project has, and that an instance is in unless somebody says which ones it is in. */
export const DEFAULT_GROUP = 'default';

/** As much of an instance as the compute service on its host needs to find it. */
export interface InstanceReference {
  /** The compute service's own number of it; null: it has not told. */
  readonly computeId: number | null;
  readonly uuid: string;
  readonly host: HostName | null;
  readonly projectId: string | null;
  readonly userId: string | null;
}
