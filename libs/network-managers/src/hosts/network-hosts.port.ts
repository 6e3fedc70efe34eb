import type { Network } from '@novanet/ipam';
import type { DeviceName, HostName, Ipv4 } from '@novanet/net-address';

/** A floating IP and what it stands for. */
export interface CarriedFloatingIp {
  readonly address: Ipv4;
  readonly fixedAddress: Ipv4;
  readonly instanceUuid: string;
  /** The interface that the floating IP asks for; null: the host's `public_interface`. */
  readonly interface: DeviceName | null;
}

/**
 * Which rows somebody has changed: those of one floating IP, the names that DNS tells, who may reach instances. Whoever cannot
 * say says everything.
 */
export type ChangedRows = Ipv4 | 'names' | 'filters' | 'everything';

/** The workers whose kernels serve the networks, this one among them. */
export abstract class NetworkHosts {
  /** The worker this code runs in. */
  abstract readonly self: HostName;

  /** Throws NetworkHostUnavailable when the worker has not been heard of lately. Costs no message. */
  abstract requireUp(host: HostName): Promise<void>;

  /** Makes the own host what the database says of these rows; what it cannot is logged. */
  abstract refreshSelf(changed: ChangedRows): Promise<void>;

  /**
   * Makes the kernel of the host match what the database now says of the network, and returns when it does.
   * MUST be repeatable. Throws NetworkHostUnavailable when the host cannot be asked, HostSetupFailed when it could not
   * do its part.
   */
  abstract setUp(host: HostName, network: Network): Promise<void>;

  /**
   * The same after something was taken away, also the whole network. What cannot be removed now is removed by a later
   * run: it is no failure. Throws NetworkHostUnavailable, within a second.
   */
  abstract tearDown(host: HostName, networkId: number): Promise<void>;

  /**
   * Returns when packets to the floating IP reach its instance through this host, and the segment was told. The database
   * says so already. MUST be repeatable. Throws NetworkHostUnavailable, NoFloatingIpInterface, HostSetupFailed.
   */
  abstract carryFloatingIp(host: HostName, floatingIp: CarriedFloatingIp): Promise<void>;

  /** Returns when the host has given the floating IP up. As with {@link tearDown}, throws NetworkHostUnavailable only. */
  abstract dropFloatingIp(host: HostName, floatingIp: CarriedFloatingIp): Promise<void>;
}
