import type { Cidr, DeviceName, IpAddress, Ipv4, Ipv6, Mac } from '@novanet/net-address';

/**
 * The complete desired state of one host, as far as it is ours: what planHost returns and linux-net makes real.
 * Nothing in it refers to what the kernel looks like now.
 */
export interface HostPlan {
  /** In the order in which they are set. */
  readonly sysctls: readonly SysctlPlan[];
  /** They are members of bridges. */
  readonly vlans: readonly VlanPlan[];
  readonly bridges: readonly BridgePlan[];
  /** Addresses outside our bridges (169.254.169.254 on lo). */
  readonly addresses: readonly AddressPlan[];
  /** Bound when their rules stand, by address. */
  readonly floatingIps: readonly FloatingIpPlan[];
  /** How many times, a second apart, the segment is told of a floating IP that is new on this host. At least one. */
  readonly announcements: number;
  readonly firewall: Readonly<Record<RuleFamily, FirewallPlan>>;
  /** What comes to the rules and chains when the ports of instances are there (withFilters). */
  readonly filters: FiltersPlan;
  /** Where the files of all DHCP servers live, those of earlier plans included. */
  readonly networksPath: string;
  readonly dhcpServers: readonly DhcpServerPlan[];
  readonly routerAdvertisements: readonly RouterAdvertisementPlan[];
  /** The one file of the directory that all of them watch (`--hostsdir`). */
  readonly names: FilePlan;
  /** What the intent asks for and no host can give. */
  readonly problems: readonly PlanProblem[];
}

export interface PlanProblem {
  /** The device it is about. */
  readonly subject: string;
  /** What is wrong and what to do, for an operator. */
  readonly message: string;
  /** The floating IPs that do not work because of it. */
  readonly floatingIps?: readonly Ipv4[];
}

/** `net.ipv4.ip_forward` = `1`. */
export interface SysctlPlan {
  readonly key: string;
  readonly value: string;
  /** It exists as long as this device does. */
  readonly device?: DeviceName;
  /** Nothing else is overwritten: any other value is the operator's choice. */
  readonly replaces?: string;
  /** The module of the kernel that brings it. */
  readonly module?: string;
  /** Without it no network works. */
  readonly isVital: boolean;
}

/** A bridge with the interface in it, whose addresses and routes move to the bridge. */
export interface BridgePlan {
  readonly name: DeviceName;
  readonly member: DeviceName | undefined;
  /** The same for ever on this host: the bridge's own MAC when no member lends it one: a bridge that borrows its ports' MACs changes them at will. */
  readonly ownMac: Mac;
  readonly mtu: number | undefined;
  /** The gateway addresses, of both families. */
  readonly addresses: readonly BridgeAddressPlan[];
}

export interface BridgeAddressPlan {
  readonly address: IpAddress;
  readonly cidr: Cidr;
  /** This host says nothing of its own accord under it. */
  readonly onlyAnswers?: true;
}

/** `vlan100` on `eth1`. */
export interface VlanPlan {
  readonly name: DeviceName;
  readonly id: number;
  readonly parent: DeviceName;
  readonly mac: Mac;
  readonly mtu: number | undefined;
  /** The bridge it is for. */
  readonly bridge: DeviceName;
}

/** An address of ours on an interface that leads outside; the rules that lead on to the instance are in the firewall. */
export interface FloatingIpPlan {
  readonly address: Ipv4;
  readonly fixedAddress: Ipv4;
  readonly device: DeviceName;
}

export interface AddressPlan {
  readonly device: DeviceName;
  readonly address: Ipv4;
  readonly prefixLength: number;
  readonly scope: 'link' | 'global';
}

export type FirewallTableName = 'mangle' | 'nat' | 'filter';

/** Whose rules: those of iptables, ip6tables, and ebtables (frames that cross our bridges). */
export type RuleFamily = 'ipv4' | 'ipv6' | 'bridge';

/** The rules of one family: for each table our chains whole, and the jumps that lead to them. */
export interface FirewallPlan {
  readonly tables: readonly FirewallTablePlan[];
  /** Absent: ours come before all that are not nova's. */
  readonly foreign?: ForeignRulesPlan;
}

/** Rules of others in built-in chains that keep their place, by their text in iptables-save (`-A INPUT -i lo -j ACCEPT`). */
export interface ForeignRulesPlan {
  /** They stay before our jumps. */
  readonly before?: RegExp;
  /** They stay behind all others. */
  readonly behind?: RegExp;
}

export interface FirewallTablePlan {
  readonly name: FirewallTableName;
  /** Chains that are ours alone: flushed and refilled as a whole. Sorted by name, as the kernel lists them. */
  readonly chains: readonly FirewallChainPlan[];
  /** Chains that nova's other services use as well (`nova-filter-top`): they exist, only our jumps in them are ours. */
  readonly sharedChains: readonly string[];
  /** Jumps out of chains which we share with others. */
  readonly jumps: readonly FirewallJumpPlan[];
}

export interface FirewallChainPlan {
  readonly name: string;
  /** In the kernel's own canonical text without `-A <chain>`, so that it can be compared with what it lists. */
  readonly rules: readonly string[];
  /**
   * The rules at its end, in blocks that may stand in any order: no packet is a matter of two of them. What comes is put
   * behind what is there, because to write a thousand rules anew takes a hundred times as long.
   */
  readonly loose?: readonly (readonly string[])[];
}

export interface FirewallJumpPlan {
  /** Built-in or shared chain, `POSTROUTING`. */
  readonly from: string;
  /** Our chain or a shared one, `nova-network-POSTROUTING`. */
  readonly to: string;
  /** Before all rules that are not nova's, or after all rules, but for {@link ForeignRulesPlan}. Jumps of one chain stand in the order of the plan. */
  readonly position: 'first' | 'last';
}

/** The filters of the instances on this host. */
export interface FiltersPlan {
  /** Who is in a security group; rules refer to them by name. */
  readonly sets: readonly AddressSetPlan[];
  readonly instances: readonly InstanceFilterPlan[];
  /** What drops before any instance's own rules. */
  readonly provider: Readonly<Record<IpFamily, readonly string[]>>;
}

export type IpFamily = 'ipv4' | 'ipv6';

/** An ipset of addresses. */
export interface AddressSetPlan {
  readonly name: string;
  readonly family: IpFamily;
  readonly members: readonly IpAddress[];
}

export interface InstanceFilterPlan {
  /** `nova-network-inst-7`, in both families. */
  readonly chain: string;
  readonly rules: Readonly<Record<IpFamily, readonly string[]>>;
  readonly ports: readonly PortFilterPlan[];
}

/** Where the frames of one NIC come from and go to. */
export interface PortFilterPlan {
  /** By nova's name; libvirt's are found by the MAC. */
  readonly device: DeviceName;
  readonly mac: Mac;
  readonly bridge: DeviceName;
  /** What matches its packets; they go to the instance's chain. */
  readonly packets: Readonly<Record<IpFamily, readonly string[]>>;
  /** The IPv6 addresses that it may say are its own. */
  readonly ownIpv6: readonly Ipv6[];
  /** The frames that may leave it: the chain of its port in ebtables' words. */
  readonly frames: readonly string[];
  /** Whether its instance asks for its address by DHCP. */
  readonly usesDhcp: boolean;
}

/** One dnsmasq: its command line and the files it reads. */
export interface DhcpServerPlan {
  readonly device: DeviceName;
  /** Complete command line, without the program's name. */
  readonly arguments: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** Made before it starts, if missing. */
  readonly directories: readonly string[];
  readonly pidFile: string;
  /** Written before it starts: absolute path and content. A change restarts dnsmasq. */
  readonly files: readonly FilePlan[];
  /** Written just before each start, never a reason to start again: what the script prints on `init`. */
  readonly leases: FilePlan;
  /** `--dhcp-hostsdir`: one file per MAC. */
  readonly hostsDirectory: string;
  readonly hosts: readonly DhcpHostPlan[];
  /** Some hosts may be tagged: dnsmasq 2.90 crashes when it is made to read such hosts again (SIGHUP). */
  readonly hasTags: boolean;
  /** `--hostsdir`. */
  readonly namesDirectory: string;
  /** The one file of the directory that this server alone watches (`--hostsdir`). */
  readonly instanceNames: FilePlan | undefined;
  readonly releases: readonly LeaseReleasePlan[];
}

/** One radvd: its command line and the file it reads. */
export interface RouterAdvertisementPlan {
  readonly device: DeviceName;
  /** Complete command line, without the program's name. */
  readonly arguments: readonly string[];
  readonly pidFile: string;
  /** A running radvd is made to read it again when it changes. */
  readonly config: FilePlan;
}

export interface FilePlan {
  readonly path: string;
  readonly content: string;
}

export interface DhcpHostPlan {
  readonly mac: Mac;
  readonly address: Ipv4;
  /** One line for dnsmasq: `<mac>[,set:<tag>],<host name>,<address>`. */
  readonly line: string;
}

/** A lease that dnsmasq must give up (`dhcp_release <device> <address> <mac>`). */
export interface LeaseReleasePlan {
  readonly mac: Mac;
  readonly address: Ipv4;
}
