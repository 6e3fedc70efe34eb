// oslo.messaging's wire on RabbitMQ, as a NestJS transport: a server strategy, a client, and notifications both ways.
export { OsloClient, type OsloClientOptions } from './client/oslo-client.js';
export { serviceContext } from './client/context-values.js';
export type { RpcPattern } from './client/rpc-pattern.js';
export type { CallOptions, RpcTarget, SendOptions } from './client/rpc-target.js';
export { RemoteError, RpcClosed, RpcPublishRefused, RpcTimeout, RpcUndeliverable } from './errors.js';
export {
  OsloNotificationListener,
  type OsloNotificationListenerOptions,
} from './notifications/oslo-notification-listener.js';
export {
  OsloNotifier,
  type NotificationToSend,
  type OsloNotifierOptions,
} from './notifications/oslo-notifier.js';
export type { RpcLog } from './rpc-log.js';
export type { RpcObserver, SentRequest, ServedRequest } from './rpc-observer.js';
export { OsloServer, type OsloServerOptions } from './server/oslo-server.js';
export { OSLO_TRANSPORT } from './server/oslo-transport.js';
export { RpcContext } from './server/rpc-context.js';
export { RpcMethod, type RpcMethodOptions } from './server/rpc-method.decorator.js';
export type { TopologyOptions } from './topology/topology-options.js';
export { TopologyRefused } from './topology/topology-refused.error.js';
export { OsloBroker, type OsloBrokerOptions } from './transport/oslo-broker.js';
export { InvalidTransportUrl, parseTransportUrl, type TransportUrl } from './transport/transport-url.js';
export type { RpcFailure } from './wire/failure.js';
export type { Notification, NotificationPriority } from './wire/notification.js';
export type { ContextValues } from './wire/request.js';
