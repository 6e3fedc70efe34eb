import { fails, userOf, type Story } from '../../testing/both-clients.js';

const ours = { namespace: 'novanet' };
const user = { ...ours, context: userOf('p') };
const adminRequired = fails('AdminRequired', { code: 403 });

/** Of a host that the doctor was told of. */
const examined = {
  findings: [
    {
      check: 'devices',
      host: 'h1',
      subject: 'br100',
      problem: 'this device does not exist',
      explanation: 'instances are not reached',
      command: 'novanet doctor --host h1 --fix',
      safe: true,
    },
    {
      check: 'dhcp',
      host: 'h1',
      subject: 'br101',
      problem: 'there is one dnsmasq too many',
      explanation: 'two answer',
      command: 'kill 7',
      safe: false,
    },
  ],
  checked: [{ check: 'devices', host: 'h1', ok: false }],
};

const examinations: Story = {
  about: 'an administrator has a host examined, and mended',
  rows: [
    ['examine_host', {}, { host: 'h1', ...examined }, ours],
    [
      'mend_host',
      {},
      { host: 'h1', mended: [{ stage: 'links', subjects: ['br100'] }], findings: [], checked: [] },
      ours,
    ],
    ['examine_host', {}, adminRequired, user],
    ['mend_host', {}, adminRequired, user],
  ],
};

export const doctorStories: readonly Story[] = [examinations];
