import { LabError } from '../plan/lab-error.js';
import { hostOf } from '../plan/lab-plan.js';
import { backingServer } from '../services/backing.js';
import { apiService, hostService, type HostServiceName, hostServiceNames } from '../services/service.js';
import type { OpenLab } from '../state/open-lab.js';

/** Something of the lab that can be started, stopped in good order, and killed. */
interface Part {
  start(): Promise<void>;
  stop(): Promise<void>;
  kill(): Promise<void>;
}

/**
 * What a command means by `broker`, `database`, `api`, `h1` (all services of the host) or `h1 worker`.
 * Throws LabError.
 */
export async function findParts(
  { folder, plan }: OpenLab,
  target: string,
  service?: string,
): Promise<Part[]> {
  if (target === 'api' || target === 'broker' || target === 'database') {
    if (service !== undefined) throw new LabError(`"${target}" is one thing: leave out "${service}".`);
    return [target === 'api' ? apiService(folder, plan) : await backingServer(folder, plan, target)];
  }
  const host = hostOf(plan, target);
  if (service === undefined) return hostServiceNames.map((name) => hostService(folder, host, name));
  return [hostService(folder, host, parseService(service))];
}

function parseService(text: string): HostServiceName {
  const name = hostServiceNames.find((one) => one === text);
  if (!name) throw new LabError(`a host has no service "${text}", only ${hostServiceNames.join(', ')}.`);
  return name;
}
