import { expect } from 'vitest';
import { instanceOf } from './boot-instance.js';
import type { CommandRun } from './command-run.js';

const worker = { binary: 'nova-network', zone: 'internal', state: 'up' };
const emptied = {
  addresses: [],
  networks: [],
  floating_ips_moved: [],
  floating_ips_left: [],
  instances: [],
  problems: [],
};

/** Of `novanet service`, `novanet host` and `novanet doctor`. */
export const hostCommands: readonly CommandRun[] = [
  {
    name: 'service disable',
    line: 'service disable full% --reason disk',
    says: '^Service nova-network on host full% disabled.$',
    holds: (n) => ({
      host: `full${n}`,
      binary: 'nova-network',
      status: 'disabled',
      disabled_reason: 'disk',
    }),
  },
  {
    name: 'service list',
    line: 'service list --host full%',
    says: '^Binary +Host +Zone +Status +State +Updated_At +Reason\nnova-network +full% +internal +disabled +:-\\) +\\S+ +disk$',
    holds: (n) => [
      expect.objectContaining({ ...worker, host: `full${n}`, status: 'disabled', disabled_reason: 'disk' }),
    ],
  },
  {
    name: 'service enable',
    line: 'service enable full%',
    says: '^Service nova-network on host full% enabled.$',
    holds: (n) => ({ host: `full${n}`, binary: 'nova-network', status: 'enabled' }),
  },
  {
    name: 'host drain',
    line: 'host drain full% --heir h1',
    says: '^host +full%\naddresses +-\nnetworks +-\n',
    holds: (n) => ({ ...emptied, host: `full${n}` }),
  },
  {
    name: 'host remove',
    line: 'host remove gone%',
    says: '^host +gone%\naddresses +-\nnetworks +-\n',
    holds: (n) => ({ ...emptied, host: `gone${n}` }),
  },
  {
    name: 'host list',
    line: 'host list internal',
    says: '^host +zone\n(.+\n)*h1 +internal$',
    holds: () => expect.arrayContaining([{ host: 'h1', zone: 'internal' }]),
  },
  {
    name: 'doctor',
    line: 'doctor --host h1',
    says: '^ok +h1: worker\nall is well$',
    holds: () => ({ findings: [], checked: [{ check: 'worker', host: 'h1', ok: true }] }),
  },
  {
    name: 'doctor',
    line: 'doctor web% --fix',
    exitCode: 1,
    complains: 'novanet: nothing was mended\nnovanet: 1 thing is wrong.',
    says: '\nweb%: no security group lets in ping and SSH from everywhere\n',
    holds: (n) => ({
      mended: [],
      findings: [
        expect.objectContaining({ subject: `web${n}`, explanation: expect.stringContaining(instanceOf(n)) }),
      ],
      checked: expect.any(Array),
    }),
  },
];
