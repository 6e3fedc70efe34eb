import { runCommand } from '@novanet/testbed';

const SCRIPT = `
const [, kind, mac, address, until] = process.argv;
const ip = address.split('.').map(Number);
const message = Buffer.alloc(300);
message.set([1, 1, 6, 0, 0, 0, 18, 52]);
Buffer.from(mac.replaceAll(':', ''), 'hex').copy(message, 28);
message.writeUInt32BE(0x63825363, 236);
const options = kind === 'bootp' ? [] : [53, 1, { discover: 1, inform: 8 }[kind] ?? 3];
if (kind === 'inform' || kind === 'rebind') message.set(ip, 12);
if (kind === 'init-reboot') options.push(50, 4, ...ip);
message.set([...options, 255], 240);
const servers = new Set();
const socket = require('node:dgram').createSocket({ type: 'udp4', reuseAddr: true });
socket.on('message', (answer) => {
  let type = 'bootp';
  let server = '';
  for (let at = 240; answer[at] !== 255 && at < answer.length; at += answer[at] === 0 ? 1 : 2 + answer[at + 1]) {
    const value = answer.subarray(at + 2, at + 2 + answer[at + 1]);
    if (answer[at] === 53) type = { 2: 'offer', 5: 'ack', 6: 'nak' }[value[0]] ?? String(value[0]);
    if (answer[at] === 54) server = [...value].join('.');
  }
  servers.add((type + ' ' + server).trim());
});
socket.bind(68, () => {
  socket.setBroadcast(true);
  socket.send(message, 67, '255.255.255.255');
  setTimeout(() => { console.log(JSON.stringify([...servers])); socket.close(); }, Number(until));
});
`;

export type DhcpMessageKind = 'discover' | 'init-reboot' | 'rebind' | 'inform' | 'bootp';

/**
 * Who answers when a machine that has this address broadcasts a message: `ack 10.0.0.7`. Listens as long as told, because
 * nobody says that nobody else will answer.
 */
export async function dhcpAnswers(
  netns: string,
  kind: DhcpMessageKind,
  { mac, address }: { readonly mac: string; readonly address: string },
  listenMs = 700,
): Promise<string[]> {
  const argv = [process.execPath, '-e', SCRIPT, kind, mac, address, String(listenMs)];
  return JSON.parse(await runCommand(argv, { netns }));
}
