import type { FloatingIpPlan } from '@novanet/host-plan';
import { type Ipv4, parseDeviceName } from '@novanet/net-address';
import type { ConvergeProblem } from '../converge-report.js';
import type { Binding } from './binding.js';
import type { Errand } from './errands.js';

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

/** What was tried in vain, and is tried again: one problem for all that had the same reason. */
export function refusalProblems(failures: ReadonlyMap<Errand, string>): ConvergeProblem[] {
  const alike = Map.groupBy(failures, ([{ work, binding }, reason]) =>
    work === 'bind' ? `${work} ${binding.device} ${reason}` : `${work} ${reason}`,
  );
  return [...alike.values()].flatMap((group) => {
    const addresses = group.map(([{ binding }]) => binding.address);
    return group.slice(0, 1).map(([errand, reason]) => refusalProblem(errand, addresses, reason));
  });
}

function refusalProblem(
  { work, binding }: Errand,
  addresses: readonly Ipv4[],
  reason: string,
): ConvergeProblem {
  const subject = namesOf(addresses);
  if (work === 'bind') {
    const message = `${subject} cannot be bound: ${reason}`;
    return { subject: binding.device, message, floatingIps: addresses };
  }
  // The addresses work.
  const consequence =
    work === 'announcement'
      ? 'neighbours were not told that it is here now, so they may send to another host until they ask again'
      : 'connections that began before it changed hands may go on with the instance that had it';
  return { subject, message: `${consequence}: ${reason}` };
}

/** A thousand addresses make no readable message. */
function namesOf(addresses: readonly Ipv4[]): string {
  const named = addresses.slice(0, MOST_NAMED).map((address) => address.toString());
  const others = addresses.length - named.length;
  return others === 0 ? named.join(', ') : `${named.join(', ')} and ${others} others`;
}
