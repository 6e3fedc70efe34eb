import type { HostPlan } from '@novanet/host-plan';
import type { Finding } from './faults.js';
import type { AddressEvent, ForwardingEvent, KernelEvent, LinkEvent } from './kernel-event.js';

const FORWARDING = { 4: 'net.ipv4.ip_forward', 6: 'net.ipv6.conf.all.forwarding' } as const;

/**
 * What a plan says of the things that the kernel tells of. What happens to anything else is nobody's concern here: a
 * hundred instances that are plugged in contradict no plan. Nor do our own changes, once they are made.
 */
export class Expectations {
  private readonly bridges: ReadonlySet<string>;
  /** Interfaces that are in bridges: which. */
  private readonly members: ReadonlyMap<string, string>;
  /** Interfaces we need and do not make. */
  private readonly foreign: ReadonlySet<string>;
  /** `10.0.0.1/24 br100` */
  private readonly addresses: ReadonlySet<string>;
  private readonly forwarding: ReadonlyMap<string, boolean>;

  constructor(plan: HostPlan) {
    this.bridges = new Set(plan.bridges.map(({ name }) => name));
    this.members = new Map(
      plan.bridges.flatMap(({ name, member }) => (member === undefined ? [] : [[member, name]])),
    );
    const made = new Set<string>(plan.vlans.map(({ name }) => name));
    const used = [
      ...this.members.keys(),
      ...plan.vlans.map(({ parent }) => parent),
      ...[...plan.floatingIps, ...plan.addresses].map(({ device }) => device),
    ];
    this.foreign = new Set(used.filter((name) => !made.has(name) && !this.bridges.has(name)));
    this.addresses = new Set(plannedAddresses(plan));
    this.forwarding = new Map(plan.sysctls.map(({ key, value }) => [key, value === '1']));
  }

  /**
   * @param isNew whether the device was not there when the host was last looked at
   * @returns undefined for what the plan does not speak of
   */
  judge(event: KernelEvent, isNew: boolean): Finding | undefined {
    if (event.kind === 'link') return this.judgeLink(event, isNew);
    return event.kind === 'address' ? this.judgeAddress(event) : this.judgeForwarding(event);
  }

  /** @param bridge of ours, without instances */
  judgeLeft(bridge: string): Finding | undefined {
    if (this.bridges.has(bridge)) return undefined;
    return { key: `left ${bridge}`, fault: `no instance is left on ${bridge}`, isCertain: true };
  }

  private judgeLink(link: LinkEvent, isNew: boolean): Finding | undefined {
    const { name, isGone, isUp } = link;
    const bridge = this.members.get(name);
    const isBridge = this.bridges.has(name);
    const isForeign = this.foreign.has(name);
    if (!isBridge && !isForeign && bridge === undefined) return undefined;
    const key = `link ${name}`;
    if (isGone) return { key, fault: `${name} was deleted` };
    if (isForeign && isNew) return { key, fault: `${name} is new` };
    if (!isUp && (isBridge || bridge !== undefined)) return { key, fault: `${name} is down` };
    return { key, fault: bridge === undefined ? undefined : strayFrom(bridge, link) };
  }

  private judgeAddress({ device, address, isGone, isGlobal }: AddressEvent): Finding | undefined {
    const key = `address ${address} ${device}`;
    if (this.addresses.has(`${address} ${device}`)) {
      return { key, fault: isGone ? `${address} was taken off ${device}` : undefined };
    }
    if (!isGlobal || !this.members.has(device)) return undefined;
    return { key, fault: isGone ? undefined : `${device} has ${address}, which belongs on its bridge` };
  }

  private judgeForwarding({ version, isOn }: ForwardingEvent): Finding | undefined {
    const key = FORWARDING[version];
    const wanted = this.forwarding.get(key);
    if (wanted === undefined) return undefined;
    return { key, fault: isOn === wanted ? undefined : `${key} was switched ${isOn ? 'on' : 'off'}` };
  }
}

function strayFrom(bridge: string, { name, master }: LinkEvent): string | undefined {
  if (master === bridge) return undefined;
  return master === undefined ? `${name} is not in ${bridge}` : `${name} is in ${master}, not in ${bridge}`;
}

function plannedAddresses({ bridges, addresses, floatingIps }: HostPlan): string[] {
  return [
    ...bridges.flatMap(({ name, addresses: own }) =>
      own.map(({ address, cidr }) => `${address.toString()}/${cidr.prefixLength} ${name}`),
    ),
    ...addresses.map(
      ({ device, address, prefixLength }) => `${address.toString()}/${prefixLength} ${device}`,
    ),
    ...floatingIps.map(({ device, address }) => `${address.toString()}/32 ${device}`),
  ];
}
