import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { DhcpClient, type DhcpLease, isAlive, type ProcessIdentity, signal, waitFor } from '@novanet/testbed';

import type { LabStatus } from '../lifecycle/status.js';
import type { InstanceRecord } from '../state/lab-state.js';
import { lab, statusOf } from './run-lab.js';

/** A lab that a test uses. */
export class TestCloud {
  private constructor(readonly status: LabStatus) {}

  /** Builds the lab. The test has to take it down. */
  static async up(name: string, ...words: readonly string[]): Promise<TestCloud> {
    await lab('up', '--lab', name, '--detach', ...words);
    return new TestCloud(await statusOf(name));
  }

  /** A command of the lab. */
  run(command: string, ...words: readonly string[]): Promise<string> {
    return lab(command, '--lab', this.status.name, ...words);
  }

  async boot(name: string, host: string, ...words: readonly string[]): Promise<TestInstance> {
    const record: InstanceRecord = JSON.parse(
      await this.run('boot', name, '--host', host, '--json', ...words),
    );
    return new TestInstance(record, join(this.status.state_dir, 'instances', name));
  }

  host(name: string): LabStatus['hosts'][number] {
    const host = this.status.hosts.find((one) => one.name === name);
    if (!host) throw new Error(`the test's lab has no host ${name}`);
    return host;
  }

  /** Kills exactly the process that the lab recorded, as `kill -9` by its number. */
  async killProcess(host: string, service: 'worker' | 'dhcpbridge'): Promise<void> {
    const file = join(this.status.state_dir, 'log', `${host}-${service}.pid`);
    const identity: ProcessIdentity = JSON.parse(readFileSync(file, 'utf8'));
    signal(identity, 'SIGKILL');
    await waitFor(() => !isAlive(identity), { limitMs: 5_000, what: `${host} ${service} is dead` });
  }
}

/** An instance of a lab that a test booted. */
export class TestInstance {
  constructor(
    readonly record: InstanceRecord,
    private readonly folder: string,
  ) {}

  get name(): string {
    return this.record.name;
  }

  get netns(): string {
    return this.record.netns;
  }

  /** IPv4, of the first NIC. */
  get address(): string {
    return this.record.network_info[0]?.network.subnets[0]?.ips[0]?.address ?? '';
  }

  /** What DHCP gave a NIC. */
  lease(device = 'eth0'): DhcpLease {
    const lease = this.dhcpClient(device).lease();
    if (!lease) throw new Error(`${this.name} has no lease on ${device}`);
    return lease;
  }

  /** Makes the DHCP client ask its server for the same address again, and returns when it was granted. */
  async renew(device = 'eth0'): Promise<void> {
    const at = (file: string) => join(this.folder, device, file);
    const before = statSync(at('lease')).mtimeMs;
    signal(JSON.parse(readFileSync(at('udhcpc.pid'), 'utf8')), 'SIGUSR1');
    const what = `${this.name} renewed its lease`;
    await waitFor(() => statSync(at('lease')).mtimeMs > before, { limitMs: 10_000, what });
  }

  private dhcpClient(device: string): DhcpClient {
    return new DhcpClient({ netns: this.netns, device, directory: join(this.folder, device) });
  }
}
