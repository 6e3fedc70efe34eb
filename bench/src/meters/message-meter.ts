import { readFileSync } from 'node:fs';

import { runCommand } from '@novanet/testbed';

const program = '/usr/lib/rabbitmq/bin/rabbitmqctl';

/** How many messages the broker was sent since it started, requests and answers alike. */
export async function messagesSentTo(brokerPid: number): Promise<number> {
  const env = environmentOf(brokerPid);
  const counters = await runCommand([program, 'eval', 'rabbit_global_counters:overview().'], { env });
  return Number(/messages_received_total => (\d+)/.exec(counters)?.[1]);
}

/** What tells rabbitmqctl which broker is meant: the names and ports that this one was started with. */
function environmentOf(brokerPid: number): NodeJS.ProcessEnv {
  const entries = readFileSync(`/proc/${brokerPid}/environ`, 'utf8').split('\0');
  const wanted = /^(HOME|LANG|PATH|ERL_EPMD_\w+|RABBITMQ_(?!SERVER_)\w+)=/;
  return Object.fromEntries(
    entries
      .filter((entry) => wanted.test(entry))
      .map((entry) => [entry.slice(0, entry.indexOf('=')), entry.slice(entry.indexOf('=') + 1)]),
  );
}
