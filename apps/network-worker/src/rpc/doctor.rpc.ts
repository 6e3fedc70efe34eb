import { Controller } from '@nestjs/common';
import { NoArguments } from '@novanet/contracts';
import { AdminRequired } from '@novanet/ipam';
import type { RpcContext } from '@novanet/messaging';
import { NetworkHosts } from '@novanet/network-managers';
import { examinationAnswer } from '../doctor/examination-answer.js';
import { HostDoctor } from '../doctor/host-doctor.js';
import { Rpc } from './rpc.decorator.js';

/** What is wrong with the host that answers. */
@Controller()
export class DoctorRpc {
  constructor(
    private readonly hosts: NetworkHosts,
    private readonly doctor: HostDoctor,
  ) {}

  @Rpc('examine_host', {
    namespace: 'novanet',
    since: '1.0',
    about: 'Compares the kernel of the answering host with the database, and changes nothing.',
    takes: NoArguments,
    answers: '{host, findings: causes before consequences, checked: what was looked at}',
    raises: ['AdminRequired'],
  })
  async examineHost(_: NoArguments, context: RpcContext) {
    if (!context.isAdmin) throw new AdminRequired();
    const host = this.hosts.self;
    return { host, ...examinationAnswer(host, await this.doctor.examine()) };
  }

  @Rpc('mend_host', {
    namespace: 'novanet',
    since: '1.0',
    about: 'Makes the answering host what the database says of it, and looks again.',
    takes: NoArguments,
    answers: '{host, mended: {stage, subjects} each, findings, checked: after that}',
    raises: ['AdminRequired'],
  })
  async mendHost(_: NoArguments, context: RpcContext) {
    if (!context.isAdmin) throw new AdminRequired();
    const host = this.hosts.self;
    const { mended, examination } = await this.doctor.mend();
    return { host, mended, ...examinationAnswer(host, examination) };
  }
}
