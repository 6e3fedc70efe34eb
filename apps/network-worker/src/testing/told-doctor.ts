import type { HostExamination, HostFinding } from '@novanet/linux-net';
import { HostDoctor, type HostMending } from '../doctor/host-doctor.js';

const BRIDGE: HostFinding = {
  check: 'devices',
  subject: 'br100',
  problem: 'this device does not exist',
  explanation: 'instances are not reached',
  command: undefined,
  isSafe: true,
};
const SERVER: HostFinding = {
  check: 'dhcp',
  subject: 'br101',
  problem: 'there is one dnsmasq too many',
  explanation: 'two answer',
  command: 'kill 7',
  isSafe: false,
};

/** A host of which everybody is told the same; real ones are examined elsewhere. */
export class ToldDoctor extends HostDoctor {
  override async examine(): Promise<HostExamination> {
    return { findings: [BRIDGE, SERVER], checked: [{ check: 'devices', isOk: false }] };
  }

  override async mend(): Promise<HostMending> {
    return {
      mended: [{ stage: 'links', subjects: ['br100'] }],
      examination: { findings: [], checked: [] },
    };
  }
}
