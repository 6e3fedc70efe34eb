import { type LabPlan, planLab } from '../plan/lab-plan.js';
import { LabFolder } from './lab-folder.js';
import { type LabState, urlsOf } from './lab-state.js';

/** A lab that is up, with everything the commands need to work with it. */
export interface OpenLab {
  readonly folder: LabFolder;
  readonly state: LabState;
  readonly plan: LabPlan;
  /** As seen from this machine. */
  readonly urls: { readonly amqp: string; readonly database: string; readonly api: string };
}

/** Throws LabError when there is no such lab. */
export function openLab(name: string): OpenLab {
  // The name is checked before it becomes part of a path.
  planLab(name, 1);
  const folder = new LabFolder(name);
  const state = folder.get();
  return { folder, state, plan: planLab(name, state.hostCount), urls: urlsOf(state) };
}
