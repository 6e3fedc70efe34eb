export type Mode = 'flat' | 'flatdhcp' | 'multi' | 'vlan';

/** Clouds in which packets are sent. */
export const modes: readonly { readonly mode: Mode; readonly name: string }[] = [
  { mode: 'flat', name: 'Flat' },
  { mode: 'flatdhcp', name: 'FlatDHCP' },
  { mode: 'multi', name: 'FlatDHCP, multi_host' },
  { mode: 'vlan', name: 'VLAN' },
];

/** Who sends or receives. All instances are in the group "default", whose rules the test names. */
export const places = {
  web: 'an instance',
  twin: 'an instance on the same host and network',
  peer: 'an instance on another host, same network',
  stranger: 'an instance of another network',
  host: 'its host',
  outside: 'the outside',
  gateway: 'its gateway',
  metadata: '169.254.169.254',
  link: 'fe80::a9fe:a9fe',
  floating: 'its floating IP',
} as const;

export type Place = keyof typeof places;

export type Packet = 'ping' | 'tcp 80' | 'tcp 81' | 'udp 81' | 'udp 53' | 'tcp6 80' | 'tcp6 81' | 'ping6';

/** Whether a packet arrives and is answered, in the clouds where it is sent. */
export interface PacketRow {
  readonly from: Place;
  readonly to: Place;
  readonly packet: Packet;
  readonly arrives: Partial<Readonly<Record<Mode, boolean>>>;
  readonly why: string;
}

/** What the group "default" lets in, in every one of these clouds. */
export const openedPorts: readonly (readonly string[])[] = [
  ['tcp', '80'],
  ['icmp', '--from', '198.51.100.0/24'],
];

const everywhere = (arrives: boolean) => ({
  flat: arrives,
  flatdhcp: arrives,
  multi: arrives,
  vlan: arrives,
});
/** Flat networks have no gateway of ours. */
const routed = (arrives: boolean) => ({ flatdhcp: arrives, multi: arrives, vlan: arrives });
/** Frames of VLANs cross hosts in kernels with 802.1Q only: lab/src/vlans.system.spec.ts. */
const across = (arrives: boolean) => ({ flat: arrives, flatdhcp: arrives, multi: arrives });
const dual = (arrives: boolean) => ({ multi: arrives });

const SAME_NETWORK = '`allow_same_net_traffic`';
const OPENED = 'a rule of its group';
const CLOSED = 'no rule of its group';
const SNAT = 'translated to the host’s address';
const OURS = 'served by the host';

export const packetRows: readonly PacketRow[] = [
  { from: 'web', to: 'twin', packet: 'ping', arrives: everywhere(true), why: SAME_NETWORK },
  { from: 'web', to: 'twin', packet: 'tcp 81', arrives: everywhere(true), why: SAME_NETWORK },
  { from: 'web', to: 'twin', packet: 'udp 81', arrives: everywhere(true), why: SAME_NETWORK },
  { from: 'web', to: 'twin', packet: 'ping6', arrives: dual(true), why: SAME_NETWORK },
  { from: 'web', to: 'twin', packet: 'tcp6 81', arrives: dual(true), why: SAME_NETWORK },
  { from: 'web', to: 'peer', packet: 'ping', arrives: across(true), why: SAME_NETWORK },
  { from: 'web', to: 'peer', packet: 'tcp 81', arrives: across(true), why: SAME_NETWORK },
  { from: 'web', to: 'peer', packet: 'tcp6 81', arrives: dual(true), why: SAME_NETWORK },
  { from: 'stranger', to: 'web', packet: 'tcp 80', arrives: routed(true), why: OPENED },
  { from: 'stranger', to: 'web', packet: 'tcp 81', arrives: routed(false), why: CLOSED },
  { from: 'stranger', to: 'web', packet: 'udp 81', arrives: routed(false), why: CLOSED },
  { from: 'stranger', to: 'web', packet: 'ping', arrives: routed(false), why: CLOSED },
  { from: 'web', to: 'outside', packet: 'ping', arrives: routed(true), why: SNAT },
  { from: 'web', to: 'outside', packet: 'tcp 80', arrives: routed(true), why: SNAT },
  { from: 'web', to: 'outside', packet: 'udp 81', arrives: routed(true), why: SNAT },
  { from: 'web', to: 'outside', packet: 'ping6', arrives: dual(true), why: 'routed' },
  { from: 'outside', to: 'web', packet: 'tcp 80', arrives: routed(true), why: OPENED },
  { from: 'outside', to: 'web', packet: 'tcp 81', arrives: routed(false), why: CLOSED },
  { from: 'outside', to: 'web', packet: 'ping', arrives: routed(false), why: 'a rule for other sources' },
  {
    from: 'outside',
    to: 'web',
    packet: 'tcp6 80',
    arrives: dual(false),
    why: 'rules for IPv4 say nothing of IPv6',
  },
  { from: 'outside', to: 'floating', packet: 'tcp 80', arrives: routed(true), why: OPENED },
  { from: 'outside', to: 'floating', packet: 'tcp 81', arrives: routed(false), why: CLOSED },
  { from: 'outside', to: 'floating', packet: 'udp 81', arrives: routed(false), why: CLOSED },
  {
    from: 'outside',
    to: 'floating',
    packet: 'ping',
    arrives: routed(false),
    why: 'a rule for other sources',
  },
  { from: 'web', to: 'floating', packet: 'tcp 80', arrives: routed(true), why: OPENED },
  { from: 'twin', to: 'floating', packet: 'tcp 80', arrives: routed(true), why: OPENED },
  { from: 'stranger', to: 'floating', packet: 'tcp 80', arrives: routed(true), why: OPENED },
  { from: 'host', to: 'web', packet: 'tcp 80', arrives: routed(true), why: OPENED },
  { from: 'web', to: 'metadata', packet: 'tcp 80', arrives: routed(true), why: OURS },
  { from: 'web', to: 'link', packet: 'tcp6 80', arrives: dual(true), why: OURS },
  { from: 'web', to: 'gateway', packet: 'udp 53', arrives: routed(true), why: OURS },
  {
    from: 'outside',
    to: 'metadata',
    packet: 'tcp 80',
    arrives: routed(false),
    why: 'only from bridges of ours',
  },
];
