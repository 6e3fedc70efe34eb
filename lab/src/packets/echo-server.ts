// A program of its own: answers TCP connections and UDP packets on the ports that it is given, over both families.
import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';

const ports = process.argv.slice(2).map(Number);
let listening = 0;

function isReady(): void {
  listening += 1;
  if (listening === 2 * ports.length) process.stdout.write('listening\n');
}

for (const port of ports) {
  createServer((socket) => socket.on('error', () => undefined).end('here\n')).listen(port, '::', isReady);
  const socket = createSocket({ type: 'udp6', ipv6Only: false });
  socket.on('message', (message, { port: from, address }) => socket.send(message, from, address));
  socket.bind(port, '::', isReady);
}
