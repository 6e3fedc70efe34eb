import { ownClient, pythonClient, RpcRefusal, type RpcAsker } from '@novanet/testbed';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { tell } from '../testing/both-clients.js';
import { startWorker } from '../testing/test-worker.js';
import { declaredMethods } from './rpc.decorator.js';
import { cloudRecordStories } from './stories/cloud-records.js';
import { dnsStories } from './stories/dns.js';
import { doctorStories } from './stories/doctor.js';
import { fixedIpStories } from './stories/fixed-ips.js';
import { flatStories } from './stories/flat.js';
import { floatingIpHostStories } from './stories/floating-ip-hosts.js';
import { floatingIpStories } from './stories/floating-ips.js';
import { floatingPoolStories } from './stories/floating-pools.js';
import { hostStories } from './stories/hosts.js';
import { instanceStories } from './stories/instances.js';
import { interfaceStories } from './stories/interfaces.js';
import { networkStories } from './stories/networks.js';
import { ourStories } from './stories/ours.js';
import { tenantNetworkStories } from './stories/tenant-networks.js';
import { securityGroupStories } from './stories/security-groups.js';
import { vlanStories } from './stories/vlan.js';

const stories = [
  ...networkStories,
  ...instanceStories,
  ...fixedIpStories,
  ...floatingIpStories,
  ...floatingIpHostStories,
  ...floatingPoolStories,
  ...dnsStories,
  ...hostStories,
  ...ourStories,
  ...doctorStories,
  ...tenantNetworkStories,
  ...securityGroupStories,
  ...cloudRecordStories,
  ...interfaceStories,
  ...flatStories,
  ...vlanStories,
];

describe.each([
  ["Python's oslo.messaging", () => pythonClient(inject('amqpUrl'))],
  ["this project's own client", ownClient],
])('asked by %s', (_client, open) => {
  let asker: RpcAsker;
  beforeAll(() => {
    asker = open();
    return () => asker.close();
  });

  it.each(stories)('$about', async (story) => {
    const { got, wanted } = await tell(story, await startWorker(story.options), asker);
    expect(got).toEqual(wanted);
  });
});

describe('the stories', () => {
  const rows = stories.flatMap((story) => story.rows);
  const named = (isMeant: (outcome: unknown) => boolean) =>
    new Set(
      rows
        .filter(([, , outcome]) => isMeant(outcome))
        .map(([method, , , how]) => (how?.namespace ? `${how.namespace}/${method}` : method)),
    );
  const isRefusal = (outcome: unknown) => outcome instanceof RpcRefusal;

  it('have every declared method answer, and no other', () => {
    const answered = named((outcome) => !isRefusal(outcome));
    expect([...answered].toSorted()).toEqual([...declaredMethods.keys()].toSorted());
  });

  it('have every method refuse that can', () => {
    const refused = named(isRefusal);
    const quiet = [...declaredMethods].filter(
      ([name, { raises = [] }]) => raises.length > 0 && !refused.has(name),
    );
    expect(quiet.map(([name]) => name)).toEqual([]);
  });
});
