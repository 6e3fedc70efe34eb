import { isAlive, signal } from '@novanet/testbed';

import { removeTopology } from '../network/topology.js';
import { planLab } from '../plan/lab-plan.js';
import { apiService, hostService, hostServiceNames } from '../services/service.js';
import type { LabFolder } from '../state/lab-folder.js';

/**
 * Ends everything of a lab and removes it: first the services in good order, then whatever else runs in its
 * namespaces, then the namespaces and the files. Only the logs stay. Does nothing when there is nothing.
 */
export async function takeDown(folder: LabFolder): Promise<void> {
  await stopServices(folder);
  await removeTopology(folder.name);
  // Their namespaces may be gone already, after somebody removed them by hand.
  for (const one of folder.processes()) if (isAlive(one)) signal(one, 'SIGKILL');
  folder.clear();
}

async function stopServices(folder: LabFolder): Promise<void> {
  const state = folder.find();
  if (!state) return;
  const plan = planLab(state.name, state.hostCount);
  const ofHosts = plan.hosts.flatMap((host) =>
    hostServiceNames.map((name) => hostService(folder, host, name)),
  );
  await Promise.all([apiService(folder, plan), ...ofHosts].map((service) => service.stop()));
}
