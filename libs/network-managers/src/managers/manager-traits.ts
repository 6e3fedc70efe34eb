import type { NetworkInfoTraits } from '@novanet/contracts';

/** What tells one kind of network manager from another. */
export interface ManagerTraits extends NetworkInfoTraits {
  /** The class name of nova's manager. */
  readonly name: string;
  /** The argument without which a network cannot be created, after configured defaults. */
  readonly requiredArgument: 'bridge' | 'bridge_interface';
  /** Addresses at the bottom of a range that are never handed out: network and gateway. */
  readonly reservedAtBottom: number;
  /** Addresses at its top: broadcast. */
  readonly reservedAtTop: number;
}

export const flatDhcpManager: ManagerTraits = {
  name: 'FlatDHCPManager',
  requiredArgument: 'bridge',
  reservedAtBottom: 2,
  reservedAtTop: 1,
  createsBridge: true,
  createsVlan: false,
  servesDhcp: true,
};
