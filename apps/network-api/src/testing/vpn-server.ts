import { createSocket } from 'node:dgram';
import { once } from 'node:events';

/**
 * Answers clients as OpenVPN does at first.
 * @param distort what becomes of its answers; null: it hears and says nothing
 */
export async function startVpnServer(distort: ((answer: Buffer) => Buffer) | null = (answer) => answer) {
  const socket = createSocket('udp4');
  socket.on('message', (hello, { address, port }) => {
    const session = hello.subarray(1, 9);
    const head = Buffer.concat([Buffer.from([0x40]), Buffer.alloc(8, 7), Buffer.alloc(5)]);
    const answer = Buffer.concat([head, session, Buffer.alloc(4)]);
    if (distort) socket.send(distort(answer), port, address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const stop = async () => {
    socket.close();
    await once(socket, 'close');
  };
  return { port: socket.address().port, stop };
}
