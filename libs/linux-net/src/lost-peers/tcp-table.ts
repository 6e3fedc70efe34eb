import { endianness } from 'node:os';
import { type IpAddress, Ipv4, Ipv6 } from '@novanet/net-address';

/** A TCP socket as /proc/net/tcp and /proc/net/tcp6 list it. */
export interface TcpSocket {
  readonly isEstablished: boolean;
  readonly isListening: boolean;
  readonly own: IpAddress;
  readonly ownPort: number;
  readonly peer: IpAddress;
  readonly peerPort: number;
  /** What a process that has it open is known by. */
  readonly inode: string;
}

const ESTABLISHED = '01';
const LISTENING = '0A';
/** `::ffff:198.51.100.7` is what a socket of both families calls an IPv4 address. */
const MAPPED = 0xffffn;

/** Reads both tables; what is no line of a socket is skipped. */
export function parseTcpTable(text: string): TcpSocket[] {
  return text.split('\n').flatMap((line) => {
    const [, own, peer, state, , , , , , inode] = line.trim().split(/\s+/);
    const here = parseEnd(own);
    const there = parseEnd(peer);
    if (!here || !there || inode === undefined) return [];
    return [
      {
        isEstablished: state === ESTABLISHED,
        isListening: state === LISTENING,
        own: here.address,
        ownPort: here.port,
        peer: there.address,
        peerPort: there.port,
        inode,
      },
    ];
  });
}

/** `0A00000A:1628`: the words of the address as this machine keeps them, and the port. */
function parseEnd(text: string | undefined): { address: IpAddress; port: number } | undefined {
  const [, words, port] = /^([0-9A-F]{8}|[0-9A-F]{32}):([0-9A-F]{4})$/.exec(text ?? '') ?? [];
  if (words === undefined || port === undefined) return undefined;
  return { address: parseAddress(words), port: Number.parseInt(port, 16) };
}

function parseAddress(words: string): IpAddress {
  const bytes = Buffer.from(words, 'hex');
  if (endianness() === 'LE') bytes.swap32();
  const value = BigInt(`0x${bytes.toString('hex')}`);
  if (words.length === 8) return Ipv4.parse('0.0.0.0').plus(value);
  return value >> 32n === MAPPED
    ? Ipv4.parse('0.0.0.0').plus(value & 0xffff_ffffn)
    : Ipv6.parse('::').plus(value);
}
