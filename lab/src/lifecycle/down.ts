import { isAlive, signal } from '@novanet/testbed';

import { folderOfTopology, removeTopology } from '../network/topology.js';
import { LabError } from '../plan/lab-error.js';
import { planLab } from '../plan/lab-plan.js';
import { apiService, hostService, hostServiceNames } from '../services/service.js';
import { LabFolder } from '../state/lab-folder.js';
import { withLabLock } from '../state/lab-lock.js';
import { isAbandoned } from '../state/lab-state.js';

/** Ends everything of a lab and removes it; only the logs stay. Does nothing when there is nothing. Throws LabError. */
export async function takeDown(folder: LabFolder): Promise<void> {
  await withLabLock(folder.name, async () => {
    await refuseForeign(folder);
    await sweep(folder);
    folder.clear();
  });
}

/**
 * Ends all processes of a lab, first the services in good order, then whatever else runs in its namespaces, and
 * removes the namespaces. To be called under the lock; the name is free only when the files are cleared, too.
 */
export async function sweep(folder: LabFolder): Promise<void> {
  await stopServices(folder);
  await removeTopology(folder.name);
  // Their namespaces may be gone already, after somebody removed them by hand.
  for (const one of folder.processes()) if (isAlive(one)) signal(one, 'SIGKILL');
}

/** Another checkout may have a lab of the same name, and then the namespaces are its own. Throws LabError. */
export async function refuseForeign({ name, path }: LabFolder): Promise<void> {
  const owner = await folderOfTopology(name);
  if (owner === undefined || owner === path) return;
  const state = LabFolder.fromPath(owner).find();
  if (state && !isAbandoned(state)) {
    throw new LabError(`lab "${name}" is up in another checkout (${owner}): choose another name with --lab.`);
  }
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
