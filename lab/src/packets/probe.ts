import { tryCommand } from '@novanet/testbed';

import type { Packet } from './packet-rows.js';

/** Long enough for a packet that takes its time, short enough for those that never come. */
const LIMIT_MS = 2000;

const connectScript = `
  const [, host, port] = process.argv;
  const socket = require('node:net').connect({ host, port: Number(port) });
  socket.on('connect', () => process.exit(0)).on('error', () => process.exit(1));
  setTimeout(() => process.exit(1), ${LIMIT_MS});`;

const askScript = `
  const [, host, port, hex] = process.argv;
  const socket = require('node:dgram').createSocket(host.includes(':') ? 'udp6' : 'udp4');
  const ask = () => socket.send(Buffer.from(hex, 'hex'), Number(port), host);
  socket.on('message', () => process.exit(0)).on('error', () => process.exit(1));
  ask();
  setTimeout(ask, ${LIMIT_MS / 2});
  setTimeout(() => process.exit(1), ${LIMIT_MS});`;

/** "Which version are you?" (version.bind, CHAOS, TXT): dnsmasq answers it without asking others, and an echo as well. */
const DNS_QUESTION = '0001010000010000000000000776657273696f6e0462696e640000100003';

/** The namespace that a packet comes from, and the address that it goes to. */
export interface Ends {
  readonly netns: string;
  readonly address: string;
}

/** Sends a packet: whether an answer comes. */
export async function isAnswered({ netns, address }: Ends, packet: Packet): Promise<boolean> {
  const argv = commandOf(address, packet);
  return (await tryCommand(argv, { netns })).exitCode === 0;
}

function commandOf(address: string, packet: Packet): string[] {
  const [protocol = '', port = ''] = packet.split(' ');
  if (protocol.startsWith('ping')) {
    return ['ping', '-n', '-q', '-c', '2', '-i', '0.5', '-W', String(LIMIT_MS / 1000), address];
  }
  if (protocol === 'udp') return [process.execPath, '-e', askScript, address, port, DNS_QUESTION];
  return [process.execPath, '-e', connectScript, address, port];
}
