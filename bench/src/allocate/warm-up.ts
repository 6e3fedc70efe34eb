import { messagesSentTo } from '../meters/message-meter.js';
import type { BenchSession } from '../session/bench-session.js';
import { callsFor, instanceMethods, newInstances, type InstanceMethod } from './instance-calls.js';
import { echoJob } from '../limits/measure-limits.js';
import { withNetwork } from './measure-network.js';
import type { AllocateOptions } from './options.js';

export type MessagesPerCall = Readonly<Partial<Record<InstanceMethod, number>>>;

const prefixLength = 16;

/**
 * Calls everything once, so that connections are open and code is compiled when it counts. Also counts messages, which
 * are the same each time, and which the broker is slow to tell.
 */
export async function warmUp(session: BenchSession, options: AllocateOptions): Promise<MessagesPerCall> {
  const { callers, servers } = session;
  const atOnce = Math.max(...options.callers);
  const uuids = newInstances(options.calls);
  const messages: Partial<Record<InstanceMethod, number>> = {};
  await callers.run(echoJob(options.calls), atOnce);
  await withNetwork(session, prefixLength, async () => {
    for (const method of instanceMethods) {
      const before = await messagesSentTo(servers.brokerPid);
      await callers.run(callsFor(method, uuids), atOnce);
      messages[method] = ((await messagesSentTo(servers.brokerPid)) - before) / uuids.length;
    }
  });
  return messages;
}
