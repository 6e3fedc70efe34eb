import { Controller, Module } from '@nestjs/common';
import { delay, of, type Observable } from 'rxjs';

import type { RpcContext } from '../server/rpc-context.js';
import { RpcMethod } from '../server/rpc-method.decorator.js';

/** An error of a method, as an application has them. */
export class TestError extends Error {
  constructor(
    readonly className: string,
    readonly moduleName: string,
    message: string,
    readonly kwargs: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
    this.name = className;
  }
}

type Arguments = Record<string, unknown>;

/** What tests see and steer of the methods. */
export class TestMethodsState {
  /** Every run of echo, slow, held and update_dns: "<method> <JSON of the arguments>". */
  readonly runs: string[] = [];
  readonly redelivered: string[] = [];
  /** Ends the runs of `held`. */
  readonly release = Promise.withResolvers<void>();
}

/** The methods of the Python echo server, and some that show what can go wrong. */
@Controller()
class TestMethods {
  constructor(private readonly state: TestMethodsState) {}

  @RpcMethod('echo')
  echo(args: Arguments): Arguments {
    this.note('echo', args);
    return args;
  }

  @RpcMethod('observed')
  observed(args: Arguments): Observable<unknown> {
    return of('first', args).pipe(delay(1));
  }

  @RpcMethod('ctx')
  ctx(_args: Arguments, context: RpcContext): unknown {
    const { userId, projectId, isAdmin, requestId, uniqueId, isRedelivered, values } = context;
    return { userId, projectId, isAdmin, requestId, uniqueId, isRedelivered, values };
  }

  @RpcMethod('none')
  none(): void {
    // Python's None.
  }

  @RpcMethod('slow')
  async slow({ secs, ...unknown }: Arguments): Promise<string> {
    const [name] = Object.keys(unknown);
    if (name !== undefined) {
      throw new TestError('TypeError', 'exceptions', `slow() got an unexpected keyword argument '${name}'`);
    }
    this.note('slow', { secs });
    await new Promise((resolve) => setTimeout(resolve, Number(secs) * 1000));
    return `slept ${String(secs)}`;
  }

  @RpcMethod('held')
  async held(args: Arguments, context: RpcContext): Promise<string> {
    this.note('held', args);
    if (context.isRedelivered) this.state.redelivered.push(context.uniqueId);
    await this.state.release.promise;
    return 'released';
  }

  @RpcMethod('fail_nova')
  failNova({ address }: Arguments): never {
    const message = `Fixed IP not found for address ${String(address)}.`;
    throw new TestError('FixedIpNotFoundForAddress', 'nova.exception', message, { address, code: 404 });
  }

  @RpcMethod('fail_value')
  async failValue(): Promise<never> {
    this.note('fail_value', {});
    throw new TestError('ValueError', 'exceptions', 'bad value');
  }

  @RpcMethod('fail_custom')
  failCustom(): never {
    throw new TestError('Odd', 'novanet', 'odd one');
  }

  @RpcMethod('unserialisable')
  unserialisable(): unknown {
    return { big: 1n };
  }

  @RpcMethod('_rpc_allocate_fixed_ip')
  allocateFixedIp(): number {
    return 1;
  }

  @RpcMethod('update_dns')
  updateDns(args: Arguments): void {
    this.note('update_dns', args);
  }

  @RpcMethod('ping', { namespace: 'baseapi' })
  ping({ arg }: Arguments): Arguments {
    return { service: 'network', arg };
  }

  private note(method: string, args: Arguments): void {
    this.state.runs.push(`${method} ${JSON.stringify(args)}`);
  }
}

@Module({ controllers: [TestMethods], providers: [TestMethodsState] })
export class TestMethodsModule {}
