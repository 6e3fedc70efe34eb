import { expect, test } from 'vitest';
import { parseTcpTable } from './tcp-table.js';

/** As a little-endian kernel prints them. */
const IPV4 = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 00000000:0016 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1001 1 0000000000000000 100 0 0 10 0
   1: 0A0200C0:0016 076433C6:9C40 01 00000000:00000000 02:000A7B6E 00000000     0        0 1002 2 0000000000000000 20 4 30 10 -1
   2: 0A0200C0:8000 3200000A:1628 06 00000000:00000000 03:00000F00 00000000     0        0 0 3 0000000000000000
`;
const IPV6 = `  sl  local_address                         remote_address                        st
   0: 0000000000000000FFFF00000A0200C0:0016 0000000000000000FFFF0000076433C6:9C41 01 0:0 00:0 0 0 0 1003 1
   1: B80D0120000000000000000005000000:0016 000080FE00000000FF00545211000000:9C42 01 0:0 00:0 0 0 0 1004 1
   2: nonsense
`;

test.each([
  {
    family: 'IPv4',
    text: IPV4,
    sockets: [
      'listening 0.0.0.0 22 from 0.0.0.0 0 inode 1001',
      'established 192.0.2.10 22 from 198.51.100.7 40000 inode 1002',
      'neither 192.0.2.10 32768 from 10.0.0.50 5672 inode 0',
    ],
  },
  {
    family: 'IPv6, IPv4 in its clothes included',
    text: IPV6,
    sockets: [
      'established 192.0.2.10 22 from 198.51.100.7 40001 inode 1003',
      'established 2001:db8::5 22 from fe80::5254:ff:0:11 40002 inode 1004',
    ],
  },
])('reads the sockets of $family', ({ text, sockets }) => {
  const found = parseTcpTable(text).map(
    ({ isEstablished, isListening, own, ownPort, peer, peerPort, inode }) => {
      const open = isListening ? 'listening' : 'neither';
      const state = isEstablished ? 'established' : open;
      return `${state} ${own.toString()} ${ownPort} from ${peer.toString()} ${peerPort} inode ${inode}`;
    },
  );
  expect(found).toEqual(sockets);
});
