import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** Each answer is another address: 203.0.113.1, 203.0.113.2, … */
const SCRIPT = `
const socket = require('node:dgram').createSocket('udp4');
let answers = 0;
socket.on('message', (query, { port, address }) => {
  let end = 12;
  while (query[end] !== 0) end += query[end] + 1;
  const question = query.subarray(12, end + 5);
  const header = Buffer.from([query[0], query[1], 129, 128, 0, 1, 0, 1, 0, 0, 0, 0]);
  answers += 1;
  const record = Buffer.from([192, 12, 0, 1, 0, 1, 0, 0, 1, 44, 0, 4, 203, 0, 113, answers]);
  socket.send(Buffer.concat([header, question, record]), port, address);
});
socket.bind(53, () => console.log('ready'));
`;

/** A name server that knows every name, and says something else each time it is asked. Returns what ends it. */
export async function startNameServer(netns: string): Promise<() => void> {
  const child = spawn('ip', ['netns', 'exec', netns, process.execPath, '-e', SCRIPT], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  return () => void child.kill('SIGKILL');
}
