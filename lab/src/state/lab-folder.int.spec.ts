import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { identifyProcess } from '@novanet/testbed';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { LabFolder } from './lab-folder.js';
import { isAbandoned, type LabState, urlsOf } from './lab-state.js';

let parent: string;
let folder: LabFolder;
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'novanet-test-'));
  folder = new LabFolder('demo', parent);
});
afterEach(() => {
  rmSync(parent, { recursive: true, force: true });
});

const me = identifyProcess(process.pid)!;
const state: LabState = {
  name: 'demo',
  hostCount: 2,
  cloud: { manager: 'flatdhcp', multiHost: false },
  ports: { amqp: 5001, database: 5002, api: 5003 },
  owner: me,
  isComplete: true,
};

describe('the state of a lab', () => {
  it('is found by others once it is there', () => {
    expect(folder.find()).toBeUndefined();
    expect(() => folder.get()).toThrow(
      'there is no lab "demo": start one with npm run lab -- up --lab demo.',
    );
    folder.create(state);
    expect(new LabFolder('demo', parent).get()).toEqual(state);
    expect(LabFolder.fromPath(folder.path).get()).toEqual(state);
    folder.save({ ...state, owner: null });
    expect(folder.get().owner).toBeNull();
  });

  it.each([
    { name: 'held by a live process', owner: me, isComplete: true, expected: false },
    { name: 'being built by a live process', owner: me, isComplete: false, expected: false },
    { name: 'detached', owner: null, isComplete: true, expected: false },
    { name: 'whose process was killed', owner: { ...me, startTicks: '1' }, isComplete: true, expected: true },
    { name: 'half built by nobody', owner: null, isComplete: false, expected: true },
  ])('says whether a lab is abandoned: one $name', ({ owner, isComplete, expected }) => {
    expect(isAbandoned({ ...state, owner, isComplete })).toBe(expected);
  });

  it('gives the URLs that lead into the lab', () => {
    expect(urlsOf(state)).toEqual({
      amqp: 'amqp://guest:guest@127.0.0.1:5001/',
      database: 'mysql://novanet:novanet@127.0.0.1:5002/novanet',
      api: 'http://127.0.0.1:5003',
    });
  });
});

describe('the instances of a lab', () => {
  const record = { name: 'web1', uuid: 'u', host: 'h1', netns: 'n', project_id: 'p', network_info: [] };

  it('are kept one by one, so that two booted at once do not lose each other', () => {
    folder.create(state);
    folder.reserveInstance('web1');
    folder.reserveInstance('web2');
    expect(folder.instances()).toEqual([]);
    folder.saveInstance(record);
    folder.saveInstance({ ...record, name: 'web2' });
    expect(folder.instances().map(({ name }) => name)).toEqual(['web1', 'web2']);
    expect(() => folder.reserveInstance('web1')).toThrow('lab "demo" has an instance "web1" already.');
    folder.forgetInstance('web1');
    expect(() => folder.instance('web1')).toThrow('lab "demo" has no instance "web1"');
  });
});

it('is cleared but for the logs', () => {
  folder.create(state);
  mkdirSync(folder.at('log'));
  mkdirSync(folder.at('broker'));
  writeFileSync(folder.at('log', 'h1-worker.log'), 'why');
  writeFileSync(folder.at('log', 'h1-worker.pid'), JSON.stringify(me));
  writeFileSync(folder.at('broker', 'mnesia.pid'), '17\n');
  expect(folder.processes()).toEqual([me]);
  folder.clear();
  expect(folder.find()).toBeUndefined();
  expect(existsSync(folder.at('broker'))).toBe(false);
  expect(existsSync(folder.at('log', 'h1-worker.log'))).toBe(true);
  expect(existsSync(folder.at('log', 'h1-worker.pid'))).toBe(false);
});
