import type { HostName, IpAddress, Ipv4 } from '@novanet/net-address';
import type { FixedIp } from '../fixed-ips/fixed-ip.js';
import type { NamedAddress } from './named-addresses.js';
import type { Network, NetworkDraft, Subnet } from './network.js';

/** Which networks: by one kind of key. */
export type NetworkKeys =
  | { readonly ids: readonly number[] }
  | { readonly uuids: readonly string[] }
  | { readonly cidr: string }
  | { readonly projectId: string }
  | { readonly host: HostName };

/** What may change in a network's life; what is left out stays. */
export type NetworkChanges = Partial<
  Pick<
    Network,
    | 'label'
    | 'projectId'
    | 'host'
    | 'isMultiHost'
    | 'shareAddress'
    | 'bridge'
    | 'bridgeInterface'
    | 'vlan'
    | 'vpnPublicAddress'
    | 'vpnPublicPort'
    | 'dns1'
    | 'dns2'
    | 'mtu'
    | 'priority'
  >
>;

/** What may change in a subnet's life; what is left out stays. */
export type SubnetChanges = Partial<Pick<Subnet, 'gateway' | 'dhcpServer' | 'dhcpStart'>>;

/** Where networks are kept. A failed connection is retried and ends as DatabaseUnavailable. */
export abstract class NetworkStore {
  /** All or nothing. MUST run `work` again from the start after a deadlock or a lost connection. */
  abstract transaction<T>(work: (transaction: NetworkTransaction) => Promise<T>): Promise<T>;
  /** By id, each with its subnets: IPv4 first. */
  abstract list(): Promise<Network[]>;
  abstract find(keys: NetworkKeys): Promise<Network[]>;
  /**
   * MUST set the host only if there is none yet, in one step, and never that of a multi-host network; nor a host that is
   * disabled by then: a disabling under way is waited for, and waits for us. Answers what is stored, null when nobody
   * serves it because the host is disabled, undefined without such a network.
   */
  abstract claimHost(
    networkId: number,
    host: HostName,
    vpnPublicAddress: Ipv4 | null,
  ): Promise<HostName | null | undefined>;
  /** Does nothing without such a network. */
  abstract update(networkId: number, changes: NetworkChanges): Promise<void>;
  /** Whether {@link NetworkTransaction.remember} was committed for this request. */
  abstract isRemembered(requestId: string): Promise<boolean>;
  /** Answers how many were forgotten. */
  abstract forgetRequests(before: Date): Promise<number>;
}

/** What can be done inside {@link NetworkStore.transaction}. */
export interface NetworkTransaction {
  /** MUST make every other creation, in whichever process, wait for our end. */
  lockCreation(): Promise<void>;
  list(): Promise<Network[]>;
  find(keys: NetworkKeys): Promise<Network[]>;
  /**
   * MUST cost the same for a network of any size: rows are written for the addresses that have a name
   * ({@link namedAddresses}), never for free ones. Throws DuplicateVlan, InvalidInput (uuid in use).
   */
  insert(drafts: readonly NetworkDraft[]): Promise<Network[]>;
  /** How many networks the project may have, if it has a limit of its own. */
  networkLimitOf(projectId: string): Promise<number | undefined>;
  /** MUST make every other request for this project, in whichever process, wait for our end. */
  lockProject(projectId: string): Promise<void>;
  /**
   * The oldest network that belongs to nobody, kept from changing until our end. MUST pass over those that others keep
   * so, and wait for them only when none else is left, because they may fail.
   */
  lockFree(): Promise<Network | undefined>;
  /** Throws DuplicateVlan. */
  update(networkId: number, changes: NetworkChanges): Promise<void>;
  updateSubnet(subnetId: number, changes: SubnetChanges): Promise<void>;
  /**
   * Makes the address what it is named for: a free one, or one that is kept from instances already. MUST NOT touch one that
   * an instance or a host has. Answers the row that the address has then, and whether it was kept from them under another
   * name before.
   */
  nameAddress(
    subnetId: number,
    named: NamedAddress,
  ): Promise<{ readonly row: FixedIp | undefined; readonly wasKept: boolean }>;
  /** An address that was the gateway's or the DHCP server's may be handed out again. */
  freeAddress(subnetId: number, address: IpAddress): Promise<void>;
  /** The network, kept from changing until our end. */
  lock(networkId: number): Promise<Network | undefined>;
  /** Whether an instance has a NIC or an address in it. */
  isInUse(networkId: number): Promise<boolean>;
  /** With subnets, named and draining addresses. */
  delete(networkId: number): Promise<void>;
  /** Ids of the networks that this request made. */
  recall(requestId: string): Promise<readonly number[] | undefined>;
  remember(requestId: string, networkIds: readonly number[]): Promise<void>;
}
