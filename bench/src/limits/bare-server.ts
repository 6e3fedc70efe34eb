// A web server that does nothing but answer: what any request costs, whoever asks for whatever.
import { createServer } from 'node:http';

const [port, body] = [Number(process.env['BARE_PORT']), 'i-00000001'];
const headers = { 'Content-Type': 'text/plain; charset=UTF-8', 'Content-Length': body.length };

createServer((_request, response) => response.writeHead(200, headers).end(body)).listen(
  port,
  '127.0.0.1',
  () => process.stdout.write('ready\n'),
);
