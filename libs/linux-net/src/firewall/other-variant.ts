import { CommandFailed, type CommandRunner } from '../commands/command-runner.js';
import type { ConvergeProblem } from '../converge-report.js';
import { LEGACY_IPV4_TABLES } from './rule-tool.js';

/** What is known of the variants without running a program. */
export interface VariantFacts {
  /** Whether `iptables-save` is the nft variant; undefined when it listed no rules by which to tell. */
  readonly isNft: boolean | undefined;
  /** Undefined when nobody knows. */
  readonly hasNftTables: boolean | undefined;
}

/**
 * A kernel can hold rules of both iptables variants, and both apply. Reports our chains in the variant that
 * `iptables-save` is not: left there by an update-alternatives, nobody maintains them any more. Executes nothing when
 * that variant has no rules at all.
 */
export async function findChainsOfOtherVariant(
  runner: CommandRunner,
  { isNft, hasNftTables }: VariantFacts,
): Promise<ConvergeProblem[]> {
  const legacyTables = (await runner.readKernelFile(LEGACY_IPV4_TABLES)) ?? '';
  const suspects = [
    ...(isNft !== false && legacyTables.trim() !== '' ? (['legacy'] as const) : []),
    ...(isNft !== true && hasNftTables !== false ? (['nft'] as const) : []),
  ];
  const problems = await Promise.all(suspects.map((variant) => lookInto(runner, variant)));
  return problems.flat();
}

async function lookInto(runner: CommandRunner, variant: 'nft' | 'legacy'): Promise<ConvergeProblem[]> {
  try {
    const { stdout } = await runner.run({ argv: [`iptables-${variant}-save`] });
    if (!/^:nova-network-/m.test(stdout)) return [];
  } catch (error) {
    if (error instanceof CommandFailed) return [];
    throw error;
  }
  const own = variant === 'nft' ? 'legacy' : 'nft';
  const message =
    `the ${variant} tables hold chains of nova-network too, and they still apply: remove them with ` +
    `iptables-${variant}, or let iptables be the ${variant} variant (now it is ${own})`;
  return [{ subject: 'iptables', message }];
}
