import { Controller } from '@nestjs/common';
import { NoArguments, PingArguments } from '@novanet/contracts';
import { Rpc } from './rpc.decorator.js';

/** The methods every nova service answers. */
@Controller()
export class BaseApiRpc {
  @Rpc('ping', {
    namespace: 'baseapi',
    since: '1.0',
    about: 'Whether somebody is there.',
    takes: PingArguments,
    answers: '{service: "network", arg: what was given}',
  })
  ping({ arg }: PingArguments) {
    return { service: 'network', arg: arg ?? null };
  }

  @Rpc('get_backdoor_port', {
    namespace: 'baseapi',
    since: '1.1',
    about: "The port of nova's debugging console, which this service does not open.",
    takes: NoArguments,
    answers: 'null',
  })
  getBackdoorPort() {
    return null;
  }

  @Rpc('get_backdoor_port', {
    since: '1.4',
    about: 'The same for clients of before the base interface.',
    takes: NoArguments,
    answers: 'null',
  })
  getBackdoorPortOfOldClients() {
    return null;
  }
}
