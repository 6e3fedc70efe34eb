import type { ConvergeProblem } from '../converge-report.js';
import type { LinkDiff, LinkGroup, LinkStep } from '../links/link-group.js';
import type { CausalFinding } from './examination-sheet.js';
import type { HostCheck } from './host-finding.js';

/** One finding for each device that is not as planned. */
export function linkFindings(
  { groups, problems }: LinkDiff,
  isKnown: (device: string) => boolean,
): CausalFinding[] {
  const stuck = problems
    .filter(({ subject }) => !isKnown(subject))
    .map((one) => problemFinding('devices', one));
  const named = new Set(problems.map(({ subject }) => subject));
  const open = groups.filter(
    ({ subject, steps }) => steps.length > 0 && !isKnown(subject) && !named.has(subject),
  );
  return [...stuck, ...[...Map.groupBy(open, ({ subject }) => subject).values()].flatMap(deviceFinding)];
}

/** What converging cannot do, in its own words, which say what to do. */
export function problemFinding(
  check: HostCheck,
  { subject, message, blocks }: ConvergeProblem,
): CausalFinding {
  return {
    check,
    subject,
    problem: 'it cannot be as planned',
    explanation: message,
    command: undefined,
    isSafe: false,
    spoils: blocks === undefined || blocks === 'all' ? [subject] : [subject, blocks],
  };
}

/** Bridges and VLAN devices of ours that serve nothing any more. */
export function leftoverFinding({ subject, steps }: LinkGroup): CausalFinding {
  return {
    check: 'leftovers',
    subject,
    problem: 'no network needs it as it is',
    explanation: `it is left from before, and may hold what another network needs: ${wordsOf(steps)}`,
    command: commandOf(steps),
    isSafe: true,
    spoils: [subject],
  };
}

function deviceFinding(groups: readonly LinkGroup[]): CausalFinding[] {
  const steps = groups.flatMap((group) => group.steps);
  return groups.slice(0, 1).map(({ subject }) => ({
    check: 'devices',
    subject,
    problem: steps.some(isCreation) ? 'this device does not exist' : 'this device is not as planned',
    explanation: `instances on it are not reached, or do not reach others; to do: ${wordsOf(steps)}`,
    command: commandOf(steps),
    isSafe: true,
    spoils: [subject],
  }));
}

function isCreation(step: LinkStep): boolean {
  return typeof step === 'string' && step.startsWith('link add');
}

/** Only what is one line can be typed. */
function commandOf(steps: readonly LinkStep[]): string | undefined {
  const [first] = steps;
  return steps.length === 1 && typeof first === 'string' ? `ip ${first}` : undefined;
}

function wordsOf(steps: readonly LinkStep[]): string {
  return steps.map(wordOf).join('; ');
}

function wordOf(step: LinkStep): string {
  if (typeof step === 'string') return `ip ${step}`;
  if ('to' in step) return `addresses and routes move from ${step.from.name} to ${step.to}`;
  return `ip addr del ${step.last} dev ${step.device.name}`;
}
