import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

import type { ProcessIdentity } from '@novanet/testbed';

import { LabError } from '../plan/lab-error.js';
import {
  type InstanceRecord,
  isInstanceRecord,
  isLabState,
  isProcessIdentity,
  type LabState,
} from './lab-state.js';

/** The folder of the checkout that holds all labs. */
const allLabs = join(import.meta.dirname, '../../..', '.novanet/labs');

/** The files of one lab: its state, its instances, the folders of its processes. Nothing of a lab is elsewhere. */
export class LabFolder {
  readonly path: string;

  constructor(
    readonly name: string,
    parent: string = allLabs,
  ) {
    this.path = join(parent, name);
  }

  /** The folder of a lab of another checkout. */
  static fromPath(path: string): LabFolder {
    return new LabFolder(basename(path), dirname(path));
  }

  /** The path of something in the folder. */
  at(...names: readonly string[]): string {
    return join(this.path, ...names);
  }

  /** The state; undefined when there is no such lab. */
  find(): LabState | undefined {
    const state = readJson(this.at('state.json'));
    return isLabState(state) ? state : undefined;
  }

  /** Throws LabError when there is no such lab. */
  get(): LabState {
    const state = this.find();
    if (state) return state;
    const option = this.name === 'default' ? '' : ` --lab ${this.name}`;
    throw new LabError(`there is no lab "${this.name}": start one with npm run lab -- up${option}.`);
  }

  create(state: LabState): void {
    mkdirSync(this.path, { recursive: true });
    this.save(state);
  }

  save(state: LabState): void {
    writeJson(this.at('state.json'), state);
  }

  instances(): InstanceRecord[] {
    const folder = this.at('instances');
    if (!existsSync(folder)) return [];
    const records = readdirSync(folder).map((name) => readJson(join(folder, name, 'instance.json')));
    return records.filter(isInstanceRecord);
  }

  /** Throws LabError when there is no such instance. */
  instance(name: string): InstanceRecord {
    const record = this.instances().find((one) => one.name === name);
    if (record) return record;
    throw new LabError(
      `lab "${this.name}" has no instance "${name}": npm run lab -- status shows what it has.`,
    );
  }

  /** Makes the folder of a new instance. Throws LabError when the name is taken, if only a moment ago. */
  reserveInstance(name: string): string {
    mkdirSync(this.at('instances'), { recursive: true });
    const folder = this.at('instances', name);
    try {
      mkdirSync(folder);
    } catch (error) {
      throw new LabError(`lab "${this.name}" has an instance "${name}" already.`, { cause: error });
    }
    return folder;
  }

  saveInstance(record: InstanceRecord): void {
    writeJson(this.at('instances', record.name, 'instance.json'), record);
  }

  forgetInstance(name: string): void {
    rmSync(this.at('instances', name), { recursive: true, force: true });
  }

  /** Who is recorded as running for the lab, in whatever folder. */
  processes(): ProcessIdentity[] {
    if (!existsSync(this.path)) return [];
    const files = readdirSync(this.path, { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.pid'),
    );
    // Broker and database keep files of that name, too, with a bare number in them.
    return files.map((name) => readJson(this.at(name))).filter(isProcessIdentity);
  }

  /** Deletes everything but the logs, which explain what happened when something went wrong. */
  clear(): void {
    if (!existsSync(this.path)) return;
    for (const name of readdirSync(this.path)) {
      if (name !== 'log') rmSync(this.at(name), { recursive: true, force: true });
    }
    if (!existsSync(this.at('log'))) return;
    for (const name of readdirSync(this.at('log'))) {
      if (!name.endsWith('.log')) rmSync(this.at('log', name), { force: true });
    }
  }
}

/** Undefined when there is no such file, or no JSON in it. */
function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

/** A reader sees the old file or the new one, never half of it. */
function writeJson(file: string, value: unknown): void {
  writeFileSync(`${file}.new`, `${JSON.stringify(value, undefined, 2)}\n`);
  renameSync(`${file}.new`, file);
}
