import { NetworkHostUnavailable, type Network } from '@novanet/ipam';
import type { HostName } from '@novanet/net-address';
import { NetworkHosts, type CarriedFloatingIp } from '@novanet/network-managers';

/** Hosts that do what they are told, unless the test says otherwise; the kernel's part is tested elsewhere. */
export class ToldHosts extends NetworkHosts {
  readonly asked: string[] = [];
  /** Other hosts whose workers are alive. */
  readonly up = new Set<string>();
  failure: Error | undefined;

  constructor(override readonly self: HostName) {
    super();
  }

  override async requireUp(host: HostName): Promise<void> {
    if (host !== this.self && !this.up.has(host)) throw new NetworkHostUnavailable(host, 'down');
  }
  override async refreshSelf(): Promise<void> {
    this.hear('refresh');
  }
  override async setUp(host: HostName, network: Network): Promise<void> {
    this.hear(`set up ${network.label} on ${host}`);
  }
  override async tearDown(host: HostName): Promise<void> {
    this.hear(`tear down on ${host}`);
  }
  override async carryFloatingIp(
    host: HostName,
    { address, fixedAddress }: CarriedFloatingIp,
  ): Promise<void> {
    this.hear(`carry ${address.toString()} for ${fixedAddress.toString()} on ${host}`);
  }
  override async dropFloatingIp(host: HostName, { address }: CarriedFloatingIp): Promise<void> {
    this.hear(`drop ${address.toString()} on ${host}`);
  }

  private hear(what: string): void {
    this.asked.push(what);
    if (this.failure) throw this.failure;
  }
}
