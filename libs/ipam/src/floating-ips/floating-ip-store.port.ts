import type { DeviceName, HostName, Ipv4 } from '@novanet/net-address';
import type { FloatingIp, FloatingIpFilter, FloatingIpPool } from './floating-ip.js';

/** What of a floating IP changes in its life. */
export interface FloatingIpState {
  readonly projectId: string | null;
  readonly isAutoAssigned: boolean;
  readonly fixedIpId: number | null;
  readonly host: HostName | null;
}

/** What a request did, kept for its repetition: the floating IP before and after, where it was about one. */
export interface RememberedRequest {
  readonly before?: FloatingIp;
  readonly after?: FloatingIp;
}

/**
 * Where floating IPs and their pools are kept. A failed connection is retried and ends as DatabaseUnavailable. A floating
 * IP is associated as long as its fixed IP is allocated to an instance.
 */
export abstract class FloatingIpStore {
  /** All or nothing. MUST run `work` again from the start after a deadlock or a lost connection. */
  abstract transaction<T>(work: (transaction: FloatingIpTransaction) => Promise<T>): Promise<T>;
  /** By name. */
  abstract pools(): Promise<FloatingIpPool[]>;
  /** By address. */
  abstract find(filter: FloatingIpFilter): Promise<FloatingIp[]>;
}

/** What can be done inside {@link FloatingIpStore.transaction}. */
export interface FloatingIpTransaction extends FloatingIpPoolTransaction {
  /** The project's own limit. */
  limitOf(projectId: string): Promise<number | undefined>;
  /** What the project holds, without auto-assigned ones. MUST make others who ask for the same project wait for our end. */
  countLocked(projectId: string): Promise<number>;
  poolId(name: string): Promise<number | undefined>;
  /**
   * A free one, kept for us: never used before, in the order they were added, else the one released longest ago, and
   * at least so long. MUST pass over those that others are about to take, and find none only when none is left.
   */
  take(poolId: number, restSeconds: number): Promise<FloatingIp | undefined>;
  find(filter: FloatingIpFilter): Promise<FloatingIp[]>;
  /** The same, kept from changing until our end. */
  lock(
    keys: { readonly ids: readonly number[] } | { readonly addresses: readonly Ipv4[] },
  ): Promise<FloatingIp[]>;
  /** Whether the fixed IP is allocated to the instance; if so it stays, and others who ask wait for our end. */
  lockFixedIp(fixedIpId: number, instanceUuid: string): Promise<boolean>;
  /** MUST give it a new revision even if nothing differs. Answers undefined without such a fixed IP. */
  write(floatingIpId: number, state: FloatingIpState): Promise<FloatingIp | undefined>;
  /** Free from now on, and resting. */
  release(floatingIpIds: readonly number[]): Promise<void>;
  /** Exactly as it was, revision included; without association when its fixed IP is gone. */
  revert(before: FloatingIp): Promise<void>;
}

/** The part of {@link FloatingIpTransaction} that is about pools, and about repeated requests. */
export interface FloatingIpPoolTransaction {
  /**
   * MUST make a repetition of the request, in whichever process, wait for our end. Answers what the first one
   * remembered.
   */
  begin(requestId: string): Promise<RememberedRequest | undefined>;
  remember(requestId: string, done: RememberedRequest): Promise<void>;
  forget(requestId: string): Promise<void>;
  /** False when there is one already. */
  insertPool(name: string): Promise<boolean>;
  /** The pool of this name, made if it is missing. */
  ensurePool(name: string): Promise<number>;
  deletePool(name: string): Promise<'deleted' | 'missing' | 'in-use'>;
  /** All or, when one of them exists in whichever pool, none: that one is answered. */
  insert(
    poolId: number,
    addresses: readonly Ipv4[],
    networkInterface: DeviceName | null,
  ): Promise<Ipv4 | undefined>;
  lock(keys: { readonly addresses: readonly Ipv4[] }): Promise<FloatingIp[]>;
  delete(floatingIpIds: readonly number[]): Promise<void>;
}
