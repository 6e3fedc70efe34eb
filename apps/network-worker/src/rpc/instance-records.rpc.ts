import { Controller } from '@nestjs/common';
import {
  ClearInstancePasswordArguments,
  DeleteInstanceArguments,
  instanceDict,
  instanceRegistration,
  PutInstanceArguments,
} from '@novanet/contracts';
import { InstanceRegistry } from '@novanet/ipam';
import { ForgetInstance, RegisterInstance } from '@novanet/network-managers';
import { Rpc } from './rpc.decorator.js';

/** What an instance is, as its compute service tells it. */
@Controller()
export class InstanceRecordsRpc {
  constructor(
    private readonly instances: InstanceRegistry,
    private readonly forget: ForgetInstance,
    private readonly registration: RegisterInstance,
  ) {}

  @Rpc('put_instance', {
    namespace: 'novanet',
    since: '1.0',
    about: 'What metadata serves of an instance; without effect on addresses.',
    takes: PutInstanceArguments,
    answers: 'the instance, as a plain row',
  })
  async putInstance({ instance }: PutInstanceArguments) {
    return instanceDict(await this.registration.run(instanceRegistration(instance)));
  }

  @Rpc('delete_instance', {
    namespace: 'novanet',
    since: '1.0',
    about: 'Forgets an instance that holds no address.',
    takes: DeleteInstanceArguments,
    answers: null,
    raises: ['InstanceInUse'],
  })
  async deleteInstance({ uuid }: DeleteInstanceArguments) {
    await this.forget.run(uuid);
    return null;
  }

  @Rpc('clear_instance_password', {
    namespace: 'novanet',
    since: '1.0',
    about: 'Forgets the password that an instance left for its owner: it may leave another one.',
    takes: ClearInstancePasswordArguments,
    answers: null,
  })
  async clearPassword({ uuid }: ClearInstancePasswordArguments) {
    await this.instances.clearPassword(uuid);
    return null;
  }
}
