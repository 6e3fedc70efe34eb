import type { Network } from '@novanet/ipam';
import type { HostName } from '@novanet/net-address';

/** The workers whose kernels serve the networks, this one among them. */
export abstract class NetworkHosts {
  /** The worker this code runs in. */
  abstract readonly self: HostName;

  /** Throws NetworkHostUnavailable when the worker has not been heard of lately. Costs no message. */
  abstract requireUp(host: HostName): Promise<void>;

  /**
   * Makes the kernel of the host match what the database now says of the network, and returns when it does.
   * MUST be repeatable. Throws NetworkHostUnavailable when the host cannot be asked, HostSetupFailed when it could not
   * do its part.
   */
  abstract setUp(host: HostName, network: Network): Promise<void>;

  /**
   * The same after something was taken away, also the whole network. What cannot be removed now is removed by a later
   * run: it is no failure. Throws NetworkHostUnavailable.
   */
  abstract tearDown(host: HostName, networkId: number): Promise<void>;
}
