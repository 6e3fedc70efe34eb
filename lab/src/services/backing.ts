import { join } from 'node:path';

import { BackgroundProcess, type BackingServer, mariadbServer, rabbitmqServer } from '@novanet/testbed';

import { insidePorts, type LabPlan } from '../plan/lab-plan.js';
import type { LabFolder } from '../state/lab-folder.js';

export type BackingName = 'broker' | 'database';

/** A server that services of the lab lean on. */
export async function backingServer(
  folder: LabFolder,
  plan: LabPlan,
  name: BackingName,
): Promise<BackingServer> {
  const place = { netns: plan.switch.netns, address: plan.switch.managementAddress };
  if (name === 'broker') {
    return rabbitmqServer({ ...place, directory: folder.at('broker'), port: insidePorts.amqp });
  }
  const schema = 'novanet';
  return mariadbServer({ ...place, directory: folder.at('database'), port: insidePorts.database, schema });
}

/** The web server of the outside world. */
export function outsideServer(folder: LabFolder, plan: LabPlan): BackgroundProcess {
  return new BackgroundProcess({
    name: 'outside',
    directory: folder.at('log'),
    netns: plan.outside.netns,
    argv: [process.execPath, join(import.meta.dirname, '../network/outside-server.js')],
  });
}
