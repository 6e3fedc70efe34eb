import type { HostName } from '@novanet/net-address';

/** What the network and metadata services know of an instance. */
export interface Instance extends InstanceRegistration {
  /** Ours, not the number that compute services count by: it stands in `instance-id` of EC2 metadata only. */
  readonly id: number;
  readonly hostname: string;
  /** False: known only because a compute service asked for its addresses. */
  readonly isRegistered: boolean;
  readonly createdAt: Date;
  readonly updatedAt: Date | null;
}

/** What a compute service says of an instance (`PUT /v1/instances/{uuid}`). */
export interface InstanceRegistration {
  readonly uuid: string;
  /** The number by which its compute service knows it. Null: not told; one that was learned stays. */
  readonly computeId: number | null;
  readonly projectId: string | null;
  readonly userId: string | null;
  readonly host: HostName | null;
  readonly displayName: string | null;
  readonly hostname: string | null;
  readonly availabilityZone: string | null;
  readonly launchIndex: number;
  /** `r-` and eight of [a-z0-9]. */
  readonly reservationId: string | null;
  readonly instanceType: string | null;
  readonly amiId: string | null;
  readonly kernelId: string | null;
  readonly ramdiskId: string | null;
  readonly keyName: string | null;
  readonly publicKey: string | null;
  /** Base64, as nova stores it. */
  readonly userData: string | null;
  /** The user's own key-value pairs. */
  readonly meta: Readonly<Record<string, string>>;
  readonly securityGroups: readonly string[];
}

/** Which instances, newest first: what is given must fit. */
export interface InstanceFilter {
  readonly projectId?: string;
  readonly name?: NameFilter;
  /** Older than this one. */
  readonly beforeId?: number;
  readonly limit: number;
}

/** What stands in the display name, or in the host name of an instance that has none. */
export interface NameFilter {
  readonly text: string;
  readonly isBeginning: boolean;
  readonly isEnd: boolean;
}

/** What somebody saw of an instance. What was not said is absent, and stays as it is. */
export interface InstanceObservation {
  readonly uuid: string;
  readonly observedAt: Date;
  /** Whether an instance that nobody knows becomes known by it. */
  readonly isBirth: boolean;
  readonly facts: ObservedFacts;
}

export type ObservedFacts = Partial<
  Omit<
    InstanceRegistration,
    'uuid' | 'computeId' | 'keyName' | 'publicKey' | 'userData' | 'securityGroups' | 'hostname'
  > & {
    readonly hostname: string;
  }
>;

/** What an observation changed. */
export interface ObservedChange {
  readonly hostBefore: HostName | null;
  readonly hostAfter: HostName | null;
  /** It answers to another host name now. */
  readonly isRenamed: boolean;
}

/** All that an allocation request tells of an instance. */
export interface InstanceIdentity {
  readonly uuid: string;
  readonly projectId: string | null;
  readonly host: HostName | null;
}

/** What came of a password that an instance left. */
export type PasswordOutcome = 'stored' | 'taken' | 'unknown-instance';
