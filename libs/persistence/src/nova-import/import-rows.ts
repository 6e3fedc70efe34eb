import type { CidrRuleDraft, FixedIpRole, Network, NetworkDraft, RuleDraft } from '@novanet/ipam';
import type { HostName } from '@novanet/net-address';

// Our rows as an import writes and finds them: other rows are named by what nova and we both know them by.

/** All that an import writes. */
export interface ImportPlan {
  readonly networks: readonly NetworkImport[];
  readonly instances: readonly InstanceImport[];
  /** By age. */
  readonly nics: readonly NicImport[];
  readonly fixedIps: readonly FixedIpImport[];
  readonly pools: readonly string[];
  readonly floatingIps: readonly FloatingIpImport[];
  readonly groups: readonly GroupImport[];
  readonly rules: readonly RuleImport[];
  readonly members: readonly MemberImport[];
  readonly defaultRules: readonly CidrRuleDraft[];
  readonly providerRules: readonly CidrRuleDraft[];
  readonly quotas: readonly QuotaImport[];
  readonly dnsDomains: readonly DnsDomainImport[];
}

/** The rows that are here before an import. */
export interface KnownRows {
  readonly networks: readonly Network[];
  readonly instances: readonly InstanceValues[];
  readonly nics: readonly NicValues[];
  readonly fixedIps: readonly FixedIpValues[];
  readonly pools: readonly string[];
  readonly floatingIps: readonly FloatingIpValues[];
  readonly groups: readonly GroupValues[];
  readonly rules: readonly RuleValues[];
  readonly members: readonly MemberImport[];
  readonly defaultRules: readonly CidrRuleDraft[];
  readonly providerRules: readonly CidrRuleDraft[];
  readonly quotas: readonly QuotaImport[];
  readonly dnsDomains: readonly DnsDomainImport[];
}

/** nova's number, kept where nobody has it here: callers name some rows by it. */
interface Numbered {
  readonly novaId: number;
}

export interface NetworkImport extends Numbered {
  readonly draft: NetworkDraft;
  readonly host: HostName | null;
  /** Where the ring of free addresses goes on: what was given back last comes last. */
  readonly nextOffset: number;
  readonly createdAt: Date | null;
}

export interface InstanceValues {
  readonly uuid: string;
  readonly computeId: number | null;
  readonly projectId: string | null;
  readonly userId: string | null;
  readonly host: string | null;
  readonly displayName: string | null;
  readonly hostname: string;
  readonly availabilityZone: string | null;
  readonly launchIndex: number;
  readonly reservationId: string | null;
  readonly instanceType: string | null;
  readonly amiId: string | null;
  readonly kernelId: string | null;
  readonly ramdiskId: string | null;
  readonly keyName: string | null;
  readonly publicKey: string | null;
  readonly userData: string | null;
  /** JSON, as are the groups. */
  readonly meta: string;
  readonly securityGroups: string;
}

export interface InstanceImport {
  readonly values: InstanceValues;
  readonly createdAt: Date | null;
}

export interface NicValues {
  readonly uuid: string;
  readonly mac: string;
  readonly networkUuid: string;
  readonly instanceUuid: string;
}

export interface NicImport {
  readonly values: NicValues;
  readonly createdAt: Date | null;
}

/** Which address of which network. */
export interface AddressKey {
  readonly networkUuid: string;
  readonly address: string;
}

export interface FixedIpValues extends AddressKey {
  readonly role: FixedIpRole;
  readonly nicUuid: string | null;
  readonly instanceUuid: string | null;
  readonly host: string | null;
  readonly isAllocated: boolean;
}

export interface FixedIpImport {
  readonly values: FixedIpValues;
  readonly lease: { readonly mac: string | null; readonly host: string | null } | null;
}

export interface FloatingIpValues {
  readonly address: string;
  readonly pool: string;
  readonly projectId: string | null;
  readonly host: string | null;
  readonly isAutoAssigned: boolean;
  readonly interface: string | null;
  readonly fixedIp: AddressKey | null;
}

export interface FloatingIpImport extends Numbered {
  readonly values: FloatingIpValues;
  readonly releasedAt: Date | null;
}

export interface GroupKey {
  readonly projectId: string;
  readonly name: string;
}

export interface GroupValues extends GroupKey {
  readonly userId: string | null;
  readonly description: string | null;
}

export interface GroupImport extends Numbered {
  readonly values: GroupValues;
}

/** A rule from a group has no `cidr`, another has no `source`. */
export interface RuleValues {
  readonly parent: GroupKey;
  readonly protocol: RuleDraft['protocol'];
  readonly fromPort: number | null;
  readonly toPort: number | null;
  readonly cidr: string | null;
  readonly source: GroupKey | null;
}

export interface RuleImport extends Numbered {
  readonly values: RuleValues;
}

export interface MemberImport {
  readonly group: GroupKey;
  readonly instanceUuid: string;
}

export interface QuotaImport {
  readonly projectId: string;
  readonly resource: string;
  readonly limit: number | null;
}

export interface DnsDomainImport {
  readonly domain: string;
  readonly scope: string;
  readonly availabilityZone: string | null;
  readonly projectId: string | null;
}

/** One text for what several values name. */
export function keyOf(...parts: readonly (string | number | null)[]): string {
  return JSON.stringify(parts);
}
