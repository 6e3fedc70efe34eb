// Frames that no instance may send, in hexadecimal, as an attacker makes them.

const BROADCAST = 'ffffffffffff';
const ALL_NODES = '333300000001';

const mac = (text: string) => text.replaceAll(':', '');
const ip4 = (text: string) =>
  text
    .split('.')
    .map((part) => Number(part).toString(16).padStart(2, '0'))
    .join('');

/** Of eight groups, `fd00:0:0:1:0:0:0:3`. */
const ip6 = (text: string) =>
  text
    .split(':')
    .map((group) => group.padStart(4, '0'))
    .join('');

const word = (value: number) => value.toString(16).padStart(4, '0');

/** The sum of RFC 1071 over 16-bit words. */
function checksum(hex: string): string {
  const words = hex.match(/.{4}/g)?.map((text) => Number.parseInt(text, 16)) ?? [];
  let sum = words.reduce((total, value) => total + value, 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return word(~sum & 0xffff);
}

export interface Sender {
  readonly mac: string;
  /** In the frame, when it is not the same as what ARP says. */
  readonly address: string;
}

export function arpReply(from: Sender, frameMac = from.mac): string {
  return `${BROADCAST}${mac(frameMac)}0806000108000604${word(2)}${mac(from.mac)}${ip4(from.address)}${BROADCAST}${ip4(from.address)}`;
}

export function udp4(from: Sender, to: string, ports: readonly [source: number, target: number]): string {
  const payload = `${word(ports[0])}${word(ports[1])}${word(12)}0000deadbeef`;
  const header = `4500${word(20 + 12)}000000004011`;
  const sum = checksum(`${header}0000${ip4(from.address)}${ip4(to)}`);
  return `${BROADCAST}${mac(from.mac)}0800${header}${sum}${ip4(from.address)}${ip4(to)}${payload}`;
}

export function udp6(from: Sender, ports: readonly [source: number, target: number]): string {
  const payload = `${word(ports[0])}${word(ports[1])}${word(12)}ffffdeadbeef`;
  const header = `60000000${word(12)}1140${ip6(from.address)}${ip6('ff02:0:0:0:0:0:0:1')}`;
  return `${ALL_NODES}${mac(from.mac)}86dd${header}${payload}`;
}

export function icmp6(from: Sender, type: number, rest = '40000000' + '0'.repeat(16)): string {
  const target = ip6('ff02:0:0:0:0:0:0:1');
  const start = type.toString(16).padStart(2, '0');
  const length = word((8 + rest.length) / 2);
  const pseudoHeader = `${ip6(from.address)}${target}0000${length}0000003a`;
  const sum = checksum(`${pseudoHeader}${start}000000${rest}`);
  return `${ALL_NODES}${mac(from.mac)}86dd60000000${length}3aff${ip6(from.address)}${target}${start}00${sum}${rest}`;
}

/** To everybody: this address is at the sender's MAC. */
export function neighbourAdvertisement(from: Sender, claimed = from.address): string {
  return icmp6(from, 136, `20000000${ip6(claimed)}0201${mac(from.mac)}`);
}

/** A frame in a VLAN: an instance may not choose one. Whoever hears it is shown the second form: the tag is taken off. */
export function tagged(from: Sender, vlan: number): { readonly sent: string; readonly heard: string } {
  const addresses = `${BROADCAST}${mac(from.mac)}`;
  const rest = `0800${'45'.padEnd(40, '0')}`;
  return { sent: `${addresses}8100${word(vlan)}${rest}`, heard: `${addresses}${rest}` };
}
