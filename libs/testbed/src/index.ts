// For tests, the lab and benchmarks only: backing servers, network namespaces, packet assertions.
export {
  DhcpClient,
  dhcpLease,
  leaseThrough,
  type DhcpClientOptions,
  type DhcpLease,
} from './namespaces/dhcp-client.js';
export { KernelHost, type KernelHostOptions, type KernelNic } from './kernels/kernel-host.js';
export type { KernelProgram } from './kernels/kernel-orders.js';
export {
  addNamespace,
  ipBatch,
  listNamespaces,
  processesIn,
  removeNamespace,
  setSysctls,
} from './namespaces/namespace.js';
export {
  expectNoPing,
  expectPing,
  expectTcp,
  httpGet,
  PacketExpectationFailed,
  type HttpAnswer,
} from './namespaces/packets.js';
export { TestNetwork, withNamespaces, type CableEnd } from './namespaces/test-network.js';
export { fillNova, novaCloud } from './nova/nova-cloud.js';
export { NovaTestDatabase } from './nova/nova-database.js';
export { BackgroundProcess, type BackgroundProcessOptions } from './processes/background-process.js';
export { ProgramMissing } from './processes/debian-package.js';
export { identifyProcess, isAlive, signal, type ProcessIdentity } from './processes/process-identity.js';
export {
  CommandFailed,
  inNamespace,
  runCommand,
  tryCommand,
  type CommandOptions,
  type CommandResult,
} from './processes/run-command.js';
export { PythonClient, type PythonCall, type PythonOutcome } from './python/python-client.js';
export {
  ownClient,
  pythonClient,
  RpcRefusal,
  type RpcAsker,
  type RpcHow,
  type RpcPlace,
} from './python/rpc-asker.js';
export type { BackingServer, BackingServerOptions } from './servers/backing-server.js';
export { startBackingServices, type BackingServices } from './servers/backing-services.js';
export { freePorts } from './servers/free-ports.js';
export { mariadbServer, startMariadb, type MariadbOptions } from './servers/mariadb.js';
export { rabbitmqServer, startRabbitmq } from './servers/rabbitmq.js';
export { createScratchDatabase, type ScratchDatabase } from './servers/scratch-database.js';
export { uniqueExchange } from './servers/scratch-exchange.js';
export { waitFor, WaitedInVain, type WaitOptions } from './wait-for.js';
export type { BackingServiceUrls } from './vitest-context.js';
