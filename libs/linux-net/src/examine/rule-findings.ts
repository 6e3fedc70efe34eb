import type { RuleDifference } from '../firewall/rule-firewall.js';
import type { FloatingIpDifferences } from '../floating-ips/floating-ips.js';
import type { CausalFinding } from './examination-sheet.js';

/** So many lines show an operator what it is about. */
const NAMED = 3;

/** One finding for each table. */
export function ruleFindings(differences: readonly RuleDifference[]): CausalFinding[] {
  return differences.map(({ subject, chains, lines }) => ({
    check: 'rules',
    subject,
    problem: `the rules of ${some(chains.map((chain) => chain.replace(`${subject} `, '')))} are not as planned`,
    explanation: `packets go where they should not, or do not arrive; to restore: ${some(lines) || 'the chains alone'}`,
    command: undefined,
    isSafe: true,
  }));
}

export function setFindings(lines: readonly string[]): CausalFinding[] {
  if (lines.length === 0) return [];
  return [
    {
      check: 'rules',
      subject: 'ipset',
      problem: 'the members of security groups are not as planned',
      explanation: `rules with a group as their source let in the wrong ones; to restore: ${some(lines)}`,
      command: undefined,
      isSafe: true,
    },
  ];
}

export function floatingIpFindings(
  absent: FloatingIpDifferences['absent'],
  surplus: FloatingIpDifferences['surplus'],
): CausalFinding[] {
  const about = { check: 'floating IPs', isSafe: true } as const;
  return [
    ...absent.map(({ address, device, fixedAddress }) => ({
      ...about,
      subject: address.toString(),
      problem: `it is not on ${device}`,
      explanation: `nobody outside reaches ${fixedAddress.toString()} by it`,
      command: undefined,
    })),
    ...surplus.map(({ address, device }) => ({
      ...about,
      subject: address.toString(),
      problem: `it is still on ${device}`,
      explanation: 'it is no longer for this host, which answers for it all the same',
      command: `ip addr del ${address.toString()}/32 dev ${device}`,
    })),
  ];
}

function some(words: readonly string[]): string {
  const others = words.length - NAMED;
  return `${words.slice(0, NAMED).join(', ')}${others > 0 ? ` and ${others} more` : ''}`;
}
