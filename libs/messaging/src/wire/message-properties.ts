/**
 * The AMQP properties of every message. A Python peer drops any other content type silently; `headers` must be
 * there although it is empty.
 */
export const messageProperties = {
  contentType: 'application/json',
  contentEncoding: 'utf-8',
  deliveryMode: 2,
  priority: 0,
  headers: {},
} as const;
