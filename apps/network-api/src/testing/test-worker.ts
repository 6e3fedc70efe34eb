import { randomUUID } from 'node:crypto';
import { Controller, Inject, Module, type INestMicroservice } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import {
  CreateNetworksArguments,
  ClearInstancePasswordArguments,
  DeleteInstanceArguments,
  DeleteNetworkArguments,
  describeError,
  instanceDict,
  instanceRegistration,
  networkDict,
  parseArguments,
  PutInstanceArguments,
} from '@novanet/contracts';
import { NetworkNotFoundForUUID } from '@novanet/ipam';
import { OsloBroker, OsloServer, RpcContext, RpcMethod } from '@novanet/messaging';
import { CreateNetworks, managerTraits, type NetworkDefaults } from '@novanet/network-managers';
import { nestOptions, type Logger } from '@novanet/observability';
import type { Ipam } from '@novanet/persistence';

/** What the worker was asked, in the order of arrival. */
interface HeardRequest {
  readonly method: string;
  readonly requestId: string;
  readonly isAdmin: boolean;
}

interface Heart {
  readonly ipam: Ipam;
  readonly heard: HeardRequest[];
}

const HEART = Symbol('heart');

const defaults: NetworkDefaults = {
  flatNetworkBridge: null,
  flatInterface: null,
  flatNetworkDns: null,
  networkDeviceMtu: null,
  shareDhcpAddress: false,
  numNetworks: 1,
  networkSize: 256,
  multiHost: false,
  flatInjected: false,
  vlanInterface: null,
  vlanStart: 100,
  vpnStart: 1000,
};

const traits = managerTraits({
  networkManager: 'FlatDHCPManager',
  cntVpnClients: 0,
  ipv6Backend: 'rfc2462',
});

/** The methods of a network worker that this API calls, without a host to configure. */
@Controller()
class WorkerMethods {
  constructor(@Inject(HEART) private readonly heart: Heart) {}

  @RpcMethod('create_networks')
  async createNetworks(args: unknown, context: RpcContext): Promise<unknown> {
    this.hear(context);
    const useCase = new CreateNetworks(this.heart.ipam.networks, defaults, traits, randomUUID);
    const parsed = parseArguments(CreateNetworksArguments, context.method, args);
    return (await useCase.run(parsed, context.uniqueId)).map(networkDict);
  }

  @RpcMethod('delete_network')
  async deleteNetwork(args: unknown, context: RpcContext): Promise<void> {
    this.hear(context);
    const { networks } = this.heart.ipam;
    const { uuid = '' } = parseArguments(DeleteNetworkArguments, context.method, args);
    const network = await networks.findByUuid(uuid ?? '');
    if (!network) throw new NetworkNotFoundForUUID(uuid ?? '');
    await networks.delete(network, { requireDisassociated: true, requestId: context.uniqueId });
  }

  @RpcMethod('put_instance', { namespace: 'novanet' })
  async putInstance(args: unknown, context: RpcContext): Promise<unknown> {
    this.hear(context);
    const { instance } = parseArguments(PutInstanceArguments, context.method, args);
    return instanceDict(await this.heart.ipam.instances.register(instanceRegistration(instance)));
  }

  @RpcMethod('delete_instance', { namespace: 'novanet' })
  async deleteInstance(args: unknown, context: RpcContext): Promise<void> {
    this.hear(context);
    await this.heart.ipam.instances.remove(
      parseArguments(DeleteInstanceArguments, context.method, args).uuid,
    );
  }

  @RpcMethod('clear_instance_password', { namespace: 'novanet' })
  async clearPassword(args: unknown, context: RpcContext): Promise<void> {
    this.hear(context);
    const { uuid } = parseArguments(ClearInstancePasswordArguments, context.method, args);
    await this.heart.ipam.instances.clearPassword(uuid);
  }

  private hear({ method, requestId, isAdmin }: RpcContext): void {
    this.heart.heard.push({ method, requestId, isAdmin });
  }
}

@Module({ controllers: [WorkerMethods] })
class WorkerModule {}

/** A worker that writes into the database and touches nothing else. */
export interface TestWorker {
  readonly heard: readonly HeardRequest[];
  stop(): Promise<void>;
}

export async function startTestWorker(
  ipam: Ipam,
  bus: { readonly transportUrl: string; readonly exchange: string; readonly topic: string },
  log: Logger,
): Promise<TestWorker> {
  const heard: HeardRequest[] = [];
  const { transportUrl, exchange: controlExchange, topic } = bus;
  const broker = new OsloBroker({ transportUrl, controlExchange, serviceName: 'test-worker', log });
  const strategy = new OsloServer({ broker, topic, host: 'test', describeError });
  const module = {
    module: WorkerModule,
    providers: [{ provide: HEART, useValue: { ipam, heard } }],
  };
  const app: INestMicroservice = await NestFactory.createMicroservice(module, {
    ...nestOptions(log),
    strategy,
  });
  await app.listen();
  return { heard, stop: () => app.close() };
}
