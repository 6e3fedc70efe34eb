import { Controller } from '@nestjs/common';
import { parseArguments, PingArguments } from '@novanet/contracts';
import { RpcMethod } from '@novanet/messaging';

/** The methods every nova service answers. */
@Controller()
export class BaseApiRpc {
  @RpcMethod('ping', { namespace: 'baseapi' })
  ping(args: unknown) {
    return { service: 'network', arg: parseArguments(PingArguments, 'ping', args).arg ?? null };
  }

  /** nova's debugging port, which this service does not open. */
  @RpcMethod('get_backdoor_port', { namespace: 'baseapi' })
  getBackdoorPort() {
    return null;
  }
}
