// A server that does nothing but answer what it was sent: what any call costs, whatever it is about.
import { Controller, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { OsloBroker, OsloServer, RpcMethod } from '@novanet/messaging';

@Controller()
class Echo {
  @RpcMethod('echo')
  echo(args: unknown) {
    return args;
  }
}

@Module({ controllers: [Echo] })
class EchoModule {}

const complain = (fields: object, message: string) =>
  process.stderr.write(`${message} ${JSON.stringify(fields)}\n`);
const log = { debug() {}, info() {}, warn: complain, error: complain };
const broker = new OsloBroker({
  transportUrl: process.env['ECHO_TRANSPORT_URL'] ?? '',
  serviceName: 'bench-echo',
  log,
});
const strategy = new OsloServer({
  broker,
  topic: 'echo',
  host: 'bench',
  describeError: (error) => ({ class: 'Exception', module: 'exceptions', message: String(error) }),
});
const service = await NestFactory.createMicroservice(EchoModule, { strategy, logger: ['error', 'warn'] });
await service.listen();
process.stdout.write('ready\n');
