import { isAlive, type ProcessIdentity } from '@novanet/testbed';

import type { VifInfo } from '../cloud/network-info.js';
import type { CloudOptions } from '../plan/configuration.js';

/** What is kept of a running lab. */
export interface LabState {
  readonly name: string;
  readonly hostCount: number;
  readonly cloud: CloudOptions;
  /** Ports of 127.0.0.1 of this machine that lead into the lab. */
  readonly ports: { readonly amqp: number; readonly database: number; readonly api: number };
  /** Who builds the lab, and takes it down when it ends; null: nobody any more (--detach). */
  readonly owner: ProcessIdentity | null;
  /** False while the lab is being built. */
  readonly isComplete: boolean;
}

/** What is kept of an instance. */
export interface InstanceRecord {
  readonly name: string;
  readonly uuid: string;
  readonly host: string;
  readonly netns: string;
  readonly project_id: string;
  readonly network_info: readonly VifInfo[];
}

/** True when the process that built or held the lab died without taking it down. */
export function isAbandoned(state: LabState): boolean {
  return state.owner ? !isAlive(state.owner) : !state.isComplete;
}

export function urlsOf({ ports }: LabState): { amqp: string; database: string; api: string } {
  return {
    amqp: `amqp://guest:guest@127.0.0.1:${ports.amqp}/`,
    database: `mysql://novanet:novanet@127.0.0.1:${ports.database}/novanet`,
    api: `http://127.0.0.1:${ports.api}`,
  };
}

export function isLabState(value: unknown): value is LabState {
  return isObject(value) && 'hostCount' in value && 'cloud' in value && 'ports' in value;
}

export function isInstanceRecord(value: unknown): value is InstanceRecord {
  return isObject(value) && 'uuid' in value && 'netns' in value && 'network_info' in value;
}

export function isProcessIdentity(value: unknown): value is ProcessIdentity {
  return isObject(value) && 'pid' in value && 'startTicks' in value;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
