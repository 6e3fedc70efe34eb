import { ruleDraft, type InstanceReference, type InstanceRegistration } from '@novanet/ipam';
import { parseHostName, type HostName } from '@novanet/net-address';
import {
  ComputeHosts,
  ForgetInstance,
  InstanceNotifications,
  RefreshSecurityGroups,
  RegisterInstance,
  type ServiceNotification,
} from '@novanet/network-managers';
import { createIpam, openDatabase } from '@novanet/persistence';
import { createScratchDatabase } from '@novanet/testbed';
import { randomUUID } from 'node:crypto';
import { describe, expect, inject, it, onTestFinished } from 'vitest';

const compute1 = parseHostName('compute1');

class ToldComputeHosts extends ComputeHosts {
  readonly told: string[] = [];

  override async refreshSecurityRules(host: HostName, instances: readonly InstanceReference[]) {
    for (const { uuid } of instances) this.told.push(`${host} ${uuid}`);
  }

  override async refreshFilters() {}

  override async refreshAllFilters() {}
}

/** The flows of a worker over a database of its own. */
async function worker() {
  const scratch = await createScratchDatabase(inject('databaseUrl'));
  onTestFinished(() => scratch.drop());
  const database = await openDatabase({ url: scratch.url, poolSize: 4 });
  onTestFinished(() => database.close());
  const ipam = createIpam(database);
  const computeHosts = new ToldComputeHosts();
  const problems: unknown[] = [];
  const refresh = new RefreshSecurityGroups(
    ipam.securityGroups,
    computeHosts,
    (error) => problems.push(error),
    5,
  );
  onTestFinished(async () => {
    await refresh.idle();
    expect(problems).toEqual([]);
  });
  const register = new RegisterInstance(ipam.instances, ipam.securityGroups, refresh);
  const forget = new ForgetInstance(ipam.instances, refresh);
  const deallocate = async (uuid: string) => void (await ipam.fixedIps.deallocate(uuid));
  const notifications = new InstanceNotifications(ipam.instances, deallocate, forget);
  return { ipam, register, refresh, notifications, told: computeHosts.told };
}

function registration(over: Partial<InstanceRegistration> = {}): InstanceRegistration {
  return {
    uuid: randomUUID(),
    computeId: null,
    projectId: 'p1',
    userId: 'u1',
    host: compute1,
    displayName: 'Web 1',
    hostname: 'web-1',
    availabilityZone: 'nova',
    launchIndex: 0,
    reservationId: 'r-abcd1234',
    instanceType: 'm1.small',
    amiId: 'ami-00000001',
    kernelId: null,
    ramdiskId: null,
    keyName: 'mykey',
    publicKey: 'ssh-rsa AAAA',
    userData: 'IyEvYmluL3NoCg==',
    meta: { role: 'web' },
    securityGroups: ['default', 'web'],
    ...over,
  };
}

function notification(type: string, uuid: string, payload: object = {}): ServiceNotification {
  return {
    eventType: `compute.instance.${type}`,
    payload: { instance_id: uuid, ...payload },
    sentAt: new Date(),
  };
}

describe('registering an instance', () => {
  it('puts it into the groups it names, and tells those who let them in', async () => {
    const { ipam, register, refresh, told } = await worker();
    const { securityGroups } = ipam;
    const web = await securityGroups.create({
      projectId: 'p1',
      userId: null,
      name: 'web',
      description: null,
    });
    const other = await register.run(registration({ securityGroups: ['default', 'unknown'] }));
    const { id } = await securityGroups.ensureDefault('p1');
    await securityGroups.addRules(id, [ruleDraft({ groupId: web.id })]);
    await refresh.idle();
    told.length = 0;
    const instance = await register.run(registration({ securityGroups: ['web', 'unknown'] }));
    await refresh.idle();
    expect(told.toSorted()).toEqual([`compute1 ${instance.uuid}`, `compute1 ${other.uuid}`].toSorted());
    expect(await securityGroups.groupsOf(instance.uuid)).toMatchObject([{ name: 'web' }]);
    expect(instance.securityGroups).toEqual(['web', 'unknown']);
    told.length = 0;
    await register.run(registration({ uuid: instance.uuid, securityGroups: ['web'] }));
    await refresh.idle();
    expect(told).toEqual([]);
  });
});

describe('the notifications of a compute service', () => {
  it('follow an instance from host to host, and leave alone what they do not tell', async () => {
    const { ipam, register, notifications } = await worker();
    const before = await register.run(registration());
    const moved = notification('finish_resize.end', before.uuid, {
      host: 'compute2',
      hostname: 'web-1',
      instance_type: 'm1.large',
      metadata: { role: 'db' },
    });
    expect(await notifications.handle(moved)).toEqual({
      uuid: before.uuid,
      hostBefore: compute1,
      hostAfter: 'compute2',
      isRenamed: false,
      isDeleted: false,
    });
    expect(await ipam.instances.find(before.uuid)).toEqual({
      ...before,
      host: 'compute2',
      instanceType: 'm1.large',
      meta: { role: 'db' },
      updatedAt: expect.any(Date),
    });
  });

  it('delete an instance with all it holds, however often and in whatever order they come', async () => {
    const { ipam, register, refresh, notifications, told } = await worker();
    const { securityGroups } = ipam;
    const { id } = await securityGroups.ensureDefault('p1');
    await securityGroups.addRules(id, [ruleDraft({ groupId: id })]);
    const [{ uuid }, neighbour] = [await register.run(registration()), await register.run(registration())];
    await ipam.fixedIps.allocate({ instance: { uuid, projectId: 'p1', host: compute1 }, nics: [] });
    await refresh.idle();
    told.length = 0;
    const born = notification('create.end', uuid, { hostname: 'web-1', host: 'compute1' });
    const gone = notification('delete.end', uuid, { host: 'compute1' });
    expect(await notifications.handle(gone)).toMatchObject({ hostBefore: compute1, isDeleted: true });
    expect(told.toSorted()).toEqual([`compute1 ${neighbour.uuid}`, `compute1 ${uuid}`].toSorted());
    expect(await notifications.handle(born)).toBeUndefined();
    expect(await notifications.handle(gone)).toMatchObject({ hostBefore: null, isDeleted: true });
    await Promise.all([gone, born, gone, born].map((message) => notifications.handle(message)));
    expect(await ipam.instances.find(uuid)).toBeUndefined();
  });

  it('make an instance known before it is given an address', async () => {
    const { ipam, notifications } = await worker();
    const uuid = randomUUID();
    await notifications.handle(notification('create.start', uuid, { hostname: 'web-1', host: null }));
    await ipam.fixedIps.allocate({ instance: { uuid, projectId: 'p1', host: compute1 }, nics: [] });
    expect(await ipam.instances.find(uuid)).toMatchObject({ hostname: 'web-1', host: compute1 });
  });
});
