import { formerly, option } from '../option.js';
import { implementation, list, repeated, topic } from '../option-types.js';

const driver = implementation(
  [
    'messaging',
    'nova.openstack.common.notifier.rpc_notifier',
    'nova.openstack.common.notifier.rabbit_notifier',
    'nova.notifier.rabbit_notifier',
  ],
  ['messagingv2', 'nova.openstack.common.notifier.rpc_notifier2'],
  ['log', 'nova.openstack.common.notifier.log_notifier', 'nova.notifier.log_notifier'],
  [
    'noop',
    'nova.openstack.common.notifier.no_op_notifier',
    'nova.notifier.no_op_notifier',
    // Runs inside a compute service, and concerns no other.
    'ceilometer.compute.nova_notifier',
  ],
);

/** Who is told of what happened. */
export const notificationOptions = {
  notificationDriver: option(
    '[oslo_messaging_notifications] driver',
    repeated(driver),
    '',
    "How notifications are sent: over the broker in oslo.messaging's envelope (messagingv2) or without (messaging), or into the log. None: not at all.",
    formerly('notification_driver'),
  ),
  notificationTopics: option(
    '[oslo_messaging_notifications] topics',
    list(topic),
    'notifications',
    'Queues of notifications; the priority is added, as in `notifications.info`.',
    formerly('notification_topics'),
  ),
};
