import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { NetworkInfo } from '@novanet/contracts';
import { leaseThrough, type DhcpLease, waitFor } from '@novanet/testbed';
import type { CloudHost, KernelCloud } from './kernel-cloud.js';

/** An instance on a host with a kernel of its own: a network namespace in there, and a NIC in the bridge. */
export class CloudInstance {
  private constructor(
    private readonly cloud: KernelCloud,
    private readonly host: CloudHost,
    private readonly project: string,
    private readonly uuid: string,
    private readonly vif: NetworkInfo[number],
  ) {}

  /**
   * Asks for its network, and plugs it in.
   * @param prepare what its compute service does before that
   */
  static async boot(
    cloud: KernelCloud,
    host: CloudHost,
    project: string,
    prepare: (instance: CloudInstance) => Promise<void> = async () => undefined,
  ): Promise<CloudInstance> {
    const uuid = randomUUID();
    const [vif] = await cloud.allocate(host, uuid, project);
    if (!vif) throw new Error('the instance got no NIC');
    const instance = new CloudInstance(cloud, host, project, uuid, vif);
    await prepare(instance);
    await instance.plug();
    return instance;
  }

  /** IPv4. */
  get address(): string {
    return this.vif.network.subnets[0].ips[0]?.address ?? '';
  }

  get mac(): string {
    return this.vif.address;
  }

  get bridge(): string {
    return this.vif.network.bridge ?? '';
  }

  /** What the frames of its network carry. */
  get tag(): number {
    return Number(this.vif.network.meta.vlan);
  }

  /** The device of its network on its host. */
  get vlan(): string {
    return `vlan${this.tag}`;
  }

  private get netns(): string {
    return `vm-${this.uuid.slice(0, 8)}`;
  }

  private get tap(): string {
    return `tap${this.uuid.slice(0, 8)}`;
  }

  /** On a host whose worker does not serve the network, nova's compute service makes these. */
  async makeBridge(interfaceName: string): Promise<void> {
    const { bridge, vlan, tag } = this;
    await this.host.kernel.ip(
      `link add link ${interfaceName} name ${vlan} type vlan id ${tag}`,
      `link add ${bridge} type bridge`,
      `link set ${vlan} master ${bridge} up`,
      `link set ${bridge} up`,
    );
  }

  private async plug(): Promise<void> {
    const { netns, tap, mac, bridge } = this;
    await this.host.kernel.ip(
      `netns add ${netns}`,
      `link add ${tap} type veth peer name eth0 address ${mac} netns ${netns}`,
      `link set ${tap} master ${bridge} up`,
    );
    await this.run('ip', 'link', 'set', 'eth0', 'up');
  }

  /** Runs a program in the instance. */
  run(...argv: string[]): Promise<string> {
    return this.host.kernel.run(argv, { netns: this.netns });
  }

  /** Configures the NIC as the DHCP server says. */
  lease(): Promise<DhcpLease> {
    return leaseThrough((argv) => this.run(...argv), 'eth0', join(this.host.folder, this.netns));
  }

  /** Returns once the address answers. */
  async expectPing(address: string, ...more: string[]): Promise<void> {
    await waitFor(() => this.isAnswered(address, 1, more), {
      limitMs: 10_000,
      what: `${address} answers ${this.address} on ${this.host.kernel.name}`,
    });
  }

  /** Whether one of some pings is answered. */
  async isAnswered(address: string, count = 3, more: readonly string[] = []): Promise<boolean> {
    const argv = ['ping', '-n', '-q', '-c', String(count), '-i', '0.2', '-W', '1', ...more, address];
    return (await this.host.kernel.try(argv, { netns: this.netns })).exitCode === 0;
  }

  /** The instance ends, its network is still its own. */
  async unplug(): Promise<void> {
    await this.host.kernel.ip(`link del ${this.tap}`, `netns del ${this.netns}`);
  }

  async deallocate(): Promise<void> {
    await this.cloud.deallocate(this.host, this.uuid, this.project);
  }
}
