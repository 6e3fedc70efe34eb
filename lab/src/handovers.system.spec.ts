import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { addNamespace, removeNamespace, runCommand, waitFor } from '@novanet/testbed';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { CloudApi } from './cloud/api.js';
import { ComputeRpc } from './cloud/compute-rpc.js';
import { MessageBus } from './cloud/message-bus.js';
import type { VifInfo } from './cloud/network-info.js';
import { plugNic } from './instances/plug.js';
import { lab } from './testing/run-lab.js';
import { TestCloud } from './testing/test-cloud.js';

/** How often the address of each network is handed on. */
const HANDOVERS = Number(process.env['HANDOVERS'] ?? 15);

const name = 'syshandover';
const URL = 'http://169.254.169.254/openstack/latest/meta_data.json';
let cloud: TestCloud;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'novanet-test-'));
  cloud = await TestCloud.up(name, '--hosts', '2');
  const place = { bridge: 'br200', bridge_interface: 'eth2', multi_host: true };
  await new CloudApi(cloud.status.api_url).createNetwork({ label: 'wide', cidr: '10.1.0.0/24', ...place });
});
afterAll(async () => {
  await lab('down', '--lab', name);
  rmSync(folder, { recursive: true, force: true });
});

/** It was given the address, and has not booted yet. */
interface Instance {
  readonly uuid: string;
  readonly host: string;
  readonly hostname: string;
  readonly vif: VifInfo;
}

/** What an instance found when it booted. */
interface Findings {
  readonly address: string | undefined;
  readonly status: number;
  readonly uuid: string;
  readonly hostname: string;
}

/** Instances of one network, one after the other, all of which get the same address. */
class Succession {
  private readonly netns: string;
  readonly leaseMs: number[] = [];

  constructor(
    private readonly rpc: ComputeRpc,
    private readonly api: CloudApi,
    private readonly network: { readonly id: string; readonly label: string },
    private readonly address: string,
  ) {
    this.netns = `nvn-${name}-vm-${network.label}`;
  }

  /** It lives on the other host than the one before it. */
  async give(round: number): Promise<Instance> {
    const [uuid, host, hostname] = [randomUUID(), `h${1 + (round % 2)}`, `vm${round}`];
    const who = { project_id: 'demo', user_id: 'lab', host, display_name: hostname, hostname };
    const what = { instance_type: 'm1.tiny', availability_zone: 'nova', security_groups: ['default'] };
    await this.api.putInstance(uuid, { ...who, ...what, meta: {} });
    const wanted = { uuid, projectId: 'demo', host, networkUuids: [this.network.id], address: this.address };
    // Until the DHCP server has confirmed that the lease is over, it is the one's before.
    const limit = { limitMs: 20_000, what: `${this.address} is free again` };
    const [vif] = await waitFor(() => this.rpc.allocate(wanted), limit);
    if (!vif) throw new Error(`${hostname} got no NIC`);
    return { uuid, host, hostname, vif };
  }

  /** Its first request follows the lease at once. */
  async boot({ host, hostname, vif }: Instance): Promise<Findings> {
    await addNamespace(this.netns);
    const place = {
      instanceNetns: this.netns,
      instanceName: hostname,
      folder: join(folder, this.network.label),
    };
    const began = performance.now();
    const { lease } = await plugNic(vif, 'eth0', { ...place, hostNetns: cloud.host(host).netns });
    this.leaseMs.push(performance.now() - began);
    const argv = ['curl', '-s', '-m', '10', '-w', '\n%{http_code}', URL];
    const [body = '', status] = (await runCommand(argv, { netns: this.netns })).split('\n');
    const { uuid, hostname: told } = status === '200' ? JSON.parse(body) : { uuid: body, hostname: '' };
    return { address: lease?.address, status: Number(status), uuid, hostname: told };
  }

  async takeBack({ uuid, host }: Instance): Promise<void> {
    await removeNamespace(this.netns);
    await this.rpc.deallocate(uuid, 'demo', host);
    await this.api.deleteInstance(uuid);
  }

  /** Undefined: it got what is its own. */
  async fault(instance: Instance): Promise<unknown> {
    const found = await this.boot(instance);
    const { uuid, hostname } = instance;
    const right = { address: this.address, status: 200, uuid, hostname: `${hostname}.novalocal` };
    return JSON.stringify(found) === JSON.stringify(right) ? undefined : { found, right };
  }
}

describe('an address that goes from one instance to the next', () => {
  it.concurrent.each([
    { label: 'private', isMultiHost: false, address: '10.0.0.77', where: 'served by one host' },
    { label: 'wide', isMultiHost: true, address: '10.1.0.77', where: 'served by each host' },
  ])(
    'leads the first request of the next to its own metadata, in a network $where',
    { timeout: 60_000 + HANDOVERS * 5_000 },
    async ({ label, isMultiHost, address }) => {
      const api = new CloudApi(cloud.status.api_url);
      const network = (await api.networks()).find((one) => one.label === label)!;
      const faults = await MessageBus.with(cloud.status.amqp_url, async (bus) => {
        const places = new Succession(new ComputeRpc(bus, isMultiHost), api, network, address);
        const found: unknown[] = [];
        // The first one has nobody before it.
        for (let round = 0; round <= HANDOVERS; round += 1) {
          const instance = await places.give(round);
          found.push(await places.fault(instance));
          await places.takeBack(instance);
        }
        report(label, places.leaseMs);
        return found.filter((fault) => fault !== undefined);
      });
      expect(faults).toEqual([]);
    },
  );
});

function report(label: string, leaseMs: readonly number[]): void {
  const sorted = leaseMs.toSorted((one, other) => one - other);
  const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))]?.toFixed(0);
  process.stdout.write(
    `${label}: ${HANDOVERS} handovers, NIC to lease in ${at(0.5)} ms (p50), ${at(0.99)} (p99)\n`,
  );
}
