import { expect } from 'vitest';
import type { CommandRun } from './command-run.js';

const quotas = (fields: object) => expect.objectContaining(fields);

/** Of `novanet project` and `novanet quota`, and of what asks no API. */
export const projectCommands: readonly CommandRun[] = [
  {
    name: 'project quota',
    line: 'project quota p% --key floating_ips --value %0',
    says: '^Quota +Limit +In Use +Reserved\nfloating_ips +%0 +0 +0\nfixed_ips +unlimited +1 +0\n',
    holds: (n) => quotas({ floating_ips: { limit: n * 10, in_use: 0, reserved: 0 } }),
  },
  {
    name: 'quota',
    line: 'quota p%',
    says: '^Quota +Limit +In Use +Reserved\nfloating_ips +%0 +0 +0\n',
    holds: () => quotas({ fixed_ips: { limit: -1, in_use: 1, reserved: 0 } }),
  },
  {
    name: 'project scrub',
    line: 'project scrub p%',
    says: "^Network home% is nobody's any more.$",
    holds: (n) => ({
      project: `p${n}`,
      networks: [`home${n}`],
      security_groups: [],
      kept: [],
    }),
  },
  {
    name: 'db migrate',
    line: '--config-file FILE db migrate',
    says: '^The database was up to date.$',
    holds: () => ({ applied: [] }),
  },
  {
    name: 'db check',
    line: '--config-file FILE db check',
    says: '^migration +state\n(.+ +present\n?)+$',
    holds: () => ({ present: expect.any(Array), pending: [], unknown: [] }),
  },
  {
    name: 'config check',
    line: '--config-file FILE config check',
    says: '^1 option set.$',
    holds: () => ({ problems: [], remarks: [], optionsSet: 1 }),
  },
  {
    name: 'completion',
    line: 'completion bash',
    says: '^# bash completion of novanet',
    holds: () => ({ shell: 'bash', script: expect.stringContaining('complete ') }),
  },
  {
    name: 'version',
    line: 'version',
    says: '^\\d+.\\d+.\\d+$',
    holds: () => ({ version: expect.any(String) }),
  },
];
