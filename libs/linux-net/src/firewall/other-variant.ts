import { CommandFailed, type CommandRunner } from '../commands/command-runner.js';
import type { ConvergeProblem } from '../converge-report.js';

/**
 * A kernel can hold rules of both iptables variants, and both apply. Reports our chains in the variant that
 * `iptables-save` is not: left there by an update-alternatives, nobody maintains them any more.
 */
export async function findChainsOfOtherVariant(runner: CommandRunner): Promise<ConvergeProblem[]> {
  const { stdout: version } = await runner.run({ argv: ['iptables-save', '--version'] });
  const [own, other] = version.includes('nf_tables') ? ['nft', 'legacy'] : ['legacy', 'nft'];
  try {
    const { stdout } = await runner.run({ argv: [`iptables-${other}-save`] });
    if (!/^:nova-network-/m.test(stdout)) return [];
  } catch (error) {
    if (error instanceof CommandFailed) return [];
    throw error;
  }
  const message =
    `the ${other} tables hold chains of nova-network too, and they still apply: remove them with ` +
    `iptables-${other}, or let iptables be the ${other} variant (now it is ${own})`;
  return [{ subject: 'iptables', message }];
}
