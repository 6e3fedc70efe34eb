import type { FloatingIpPlan } from '@novanet/host-plan';
import { type Ipv4, parseDeviceName } from '@novanet/net-address';
import type { CommandFailed } from '../commands/command-runner.js';
import type { ConvergeProblem } from '../converge-report.js';
import type { Binding } from './binding.js';

const MOST_NAMED = 5;

/** One problem for each interface that does not exist. */
export function missingProblems(missing: readonly FloatingIpPlan[]): ConvergeProblem[] {
  return [...Map.groupBy(missing, ({ device }) => device)].map(([device, inside]) => {
    const floatingIps = inside.map(({ address }) => address);
    const message =
      `this device does not exist, so it cannot have ${namesOf(floatingIps)}: create it, set public_interface to one ` +
      'that does, or give the floating IPs an interface of their own';
    return { subject: device, message, floatingIps, missingInterface: parseDeviceName(device) };
  });
}

/** Floating IPs that were not bound, because nothing good would come of it. */
export function unboundProblems(bindings: readonly Binding[], reason: string): ConvergeProblem[] {
  return [...Map.groupBy(bindings, ({ device }) => device)].map(([subject, inside]) => {
    const floatingIps = inside.map(({ address }) => address);
    return { subject, message: `${namesOf(floatingIps)} cannot be bound: ${reason}`, floatingIps };
  });
}

/** The addresses work, but the segment was not told of them. It is tried again. */
export function announcementProblem(addresses: readonly Ipv4[], failure: CommandFailed): ConvergeProblem {
  const message =
    'neighbours were not told that it is here now, so they may send to another host until they ask again; perl ' +
    `sends that, with CAP_NET_RAW: ${failure.stderr.trim()}`;
  return { subject: namesOf(addresses), message };
}

/** Connections go on as they were translated before. It is tried again. */
export function connectionProblem(addresses: readonly Ipv4[], failure: CommandFailed): ConvergeProblem {
  const message =
    'connections that began before it changed hands may go on with the instance that had it; conntrack (1.4.7 or ' +
    `later, package conntrack) ends them: ${failure.stderr.trim()}`;
  return { subject: namesOf(addresses), message };
}

/** A thousand addresses make no readable message. */
function namesOf(addresses: readonly Ipv4[]): string {
  const named = addresses.slice(0, MOST_NAMED).map((address) => address.toString());
  const others = addresses.length - named.length;
  return others === 0 ? named.join(', ') : `${named.join(', ')} and ${others} others`;
}
