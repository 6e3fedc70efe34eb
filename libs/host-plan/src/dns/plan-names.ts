import type { HostIntent, HostSettings, NameIntent } from '../host-intent.js';
import type { FilePlan, PlanProblem } from '../host-plan.js';
import { perObject } from '../per-object.js';

const LABEL = '[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?';
const DOMAIN_NAME = new RegExp(`^${LABEL}(?:\\.${LABEL})*$`);
const NAME_LENGTH = 253;

/** All DNS servers of the host watch the same directory, so that a name is written once. */
export function namesDirectory(settings: HostSettings): string {
  return `${settings.networksPath}/nova-names.d`;
}

interface Names {
  readonly names: FilePlan;
  readonly problems: readonly PlanProblem[];
}

/** The names as a hosts file: one line each, in an order of its own. */
export function planNames({ settings, names }: HostIntent): Names {
  return namesIn(names, namesDirectory(settings));
}

const namesIn = perObject((names: readonly NameIntent[], directory: string): Names => {
  const lines = names
    .filter(({ name }) => isDomainName(name))
    .map(({ name, address }) => `${address.toString()} ${name}\n`);
  const bad = names.filter(({ name }) => !isDomainName(name));
  return {
    names: { path: `${directory}/names`, content: [...new Set(lines)].sort().join('') },
    problems: bad.map(({ name, address }) => ({
      subject: JSON.stringify(name),
      message: `this is no name that DNS could tell, so nobody can ask for ${address.toString()} by it: rename it`,
    })),
  };
});

function isDomainName(text: string): boolean {
  return text.length <= NAME_LENGTH && DOMAIN_NAME.test(text);
}
