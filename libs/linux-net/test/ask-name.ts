import { runCommand } from '@novanet/testbed';

const SCRIPT = `
const [, server, name] = process.argv;
const labels = name.split('.').map((label) => Buffer.from([label.length, ...Buffer.from(label)]));
const header = Buffer.from([18, 52, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0]);
const query = Buffer.concat([header, ...labels, Buffer.from([0, 0, 1, 0, 1])]);
const socket = require('node:dgram').createSocket('udp4');
const timer = setTimeout(() => { console.log('"silence"'); process.exit(); }, 2000);
socket.on('message', (answer) => {
  clearTimeout(timer);
  const addresses = [];
  if ((answer[3] & 15) === 3) {
    console.log('"name error"');
    socket.close();
    return;
  }
  let at = query.length;
  for (let left = answer.readUInt16BE(6); left > 0; left -= 1) {
    const length = answer.readUInt16BE(at + 10);
    if (answer.readUInt16BE(at + 2) === 1) addresses.push([...answer.subarray(at + 12, at + 16)].join('.'));
    at += 12 + length;
  }
  console.log(JSON.stringify(addresses));
  socket.close();
});
socket.send(query, 53, server);
`;

/** The addresses that a DNS server tells a machine for a name, none when it refuses to look. */
export async function askName(
  netns: string,
  server: string,
  name: string,
): Promise<string[] | 'name error' | 'silence'> {
  return JSON.parse(await runCommand([process.execPath, '-e', SCRIPT, server, name], { netns }));
}
