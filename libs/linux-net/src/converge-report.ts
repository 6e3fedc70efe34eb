import type { DeviceName, Ipv4 } from '@novanet/net-address';

/** What {@link LinuxHost.converge} found and did. */
export interface ConvergeReport {
  /** Whether anything on the host was changed. */
  readonly changed: boolean;
  /** What was not as planned before and is now. */
  readonly changes: readonly StageChange[];
  /** How many programs were run, reads included. */
  readonly commands: number;
  /** What could not be made real. Everything else was. */
  readonly problems: readonly ConvergeProblem[];
  /** Milliseconds per stage. */
  readonly durations: Readonly<Record<string, number>>;
}

export interface ConvergeProblem {
  /** The device, chain or file it is about. */
  readonly subject: string;
  /** What is wrong and what to do, for an operator. */
  readonly message: string;
  /**
   * Whose instances must not be told that their network works: those of this bridge, or of all. Absent when they are
   * connected nevertheless: to each other and through this host, only not over the interface of the bridge, say.
   */
  readonly blocks?: 'all' | DeviceName;
  /** The floating IPs that do not work because of it. */
  readonly floatingIps?: readonly Ipv4[];
  /** Their interface, when it is that which this host does not have. */
  readonly missingInterface?: DeviceName;
}

/** What one stage changed. */
export interface StageChange {
  /** `links`, `firewall`, `dhcp` … */
  readonly stage: string;
  /** Devices, chains, addresses. Never empty. */
  readonly subjects: readonly string[];
}

/** What one stage did. */
export interface StageOutcome {
  readonly changed: boolean;
  /** What it changed: devices, chains, addresses. Not what it tried in vain, and not leases it asked to be given up. */
  readonly subjects?: readonly string[];
  readonly problems: readonly ConvergeProblem[];
}
