// A program of its own: answers TCP connections and UDP packets at an address, on the ports that it is given; "::" is
// every address of both families.
import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';

const [address = '::', ...ports] = process.argv.slice(2);
let listening = 0;

function isReady(): void {
  listening += 1;
  if (listening === 2 * ports.length) process.stdout.write('listening\n');
}

for (const port of ports) {
  createServer((socket) => socket.on('error', () => undefined).end('here\n')).listen(
    Number(port),
    address,
    isReady,
  );
  const socket = createSocket(address.includes(':') ? 'udp6' : 'udp4');
  socket.on('message', (message, client) => socket.send(message, client.port, client.address));
  socket.bind(Number(port), address, isReady);
}
