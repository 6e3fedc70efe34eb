import type { HostName, Ipv4 } from '@novanet/net-address';
import type { FloatingIp, FloatingIpChange } from './floating-ip.js';

/**
 * Looks at the floating IP as it is, kept from changing: throws to refuse, answers false to leave everything as it is.
 * MUST be pure, for it may be asked more than once.
 */
type FloatingIpGuard = (floatingIp: FloatingIp) => boolean;

/** Where a free floating IP is taken from. */
export interface FloatingIpSource {
  readonly pool: string;
  /** One that was released is not handed out again before so many seconds. */
  readonly restSeconds: number;
}

export interface FloatingIpAllocation extends FloatingIpSource {
  readonly projectId: string;
  readonly isAutoAssigned: boolean;
  /** Those that a project may hold, auto-assigned ones not counted; a quota of the project goes before it. Negative: any number. */
  readonly limit: number;
  /** 32 characters, oslo's `_unique_id`: a request that comes again changes nothing and gets the first answer. */
  readonly requestId?: string;
}

/** A request about one floating IP. */
export interface FloatingIpRequest {
  readonly address: Ipv4;
  readonly guard: FloatingIpGuard;
  readonly requestId?: string;
}

/** The fixed IP that a floating IP is going to stand for. */
export interface AssociationTarget {
  readonly id: number;
  readonly address: Ipv4;
  readonly instanceUuid: string;
}

export interface AssociationRequest extends FloatingIpRequest {
  readonly fixedIp: AssociationTarget;
  readonly host: HostName;
  /** Whether it may be taken from the fixed IP that it stands for. */
  readonly mayTake: boolean;
}

/** What became of an {@link AssociationRequest}. */
export interface AssociationOutcome {
  /** What it was when the request came for the first time. */
  readonly before: FloatingIp;
  /** Undefined when the request is a repetition, and others have changed since what it did. */
  readonly change: FloatingIpChange | undefined;
}

/** A free floating IP for a fixed IP that has none. */
export interface FloatingIpAssignment extends FloatingIpSource {
  readonly projectId: string;
  readonly fixedIp: AssociationTarget;
  readonly host: HostName;
}

/** Whose floating IPs: an instance's, or those of some of its fixed IPs. */
export type FloatingIpOwner = { readonly instanceUuid: string } | { readonly fixedIpIds: readonly number[] };
