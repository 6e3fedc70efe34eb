// A program of its own: the web server of the outside world. It answers with the address that a client comes from.
import { createServer } from 'node:http';

createServer((request, response) => {
  const client = request.socket.remoteAddress?.replace(/^::ffff:/, '');
  response.setHeader('content-type', 'application/json');
  response.end(`${JSON.stringify({ client, path: request.url })}\n`);
}).listen(80);
