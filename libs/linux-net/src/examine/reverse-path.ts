import type { HostPlan } from '@novanet/host-plan';
import type { CommandRunner } from '../commands/command-runner.js';
import { numberAt, textAt } from '../links/json-fields.js';
import { devicesOf, isIpv6, parseRoutes, type Route } from '../links/route.js';
import type { CausalFinding } from './examination-sheet.js';

const STRICT = 1;

/**
 * Interfaces of floating IPs on which the kernel drops what does not come from where an answer would go: strict filtering,
 * while the way out is over another interface.
 */
export async function reversePathFindings(
  runner: Pick<CommandRunner, 'run' | 'readKernelFile'>,
  { floatingIps }: Pick<HostPlan, 'floatingIps'>,
): Promise<CausalFinding[]> {
  const devices = [...new Set(floatingIps.map(({ device }) => device))];
  const modes = await Promise.all(devices.map((device) => modeOf(runner, device)));
  const strict = devices.filter((_, index) => modes[index] === STRICT);
  if (strict.length === 0) return [];
  const argv = ['ip', '-json', '-details', 'route', 'show', 'table', 'all'] as const;
  const waysOut = defaultDevices(parseRoutes((await runner.run({ argv })).stdout));
  return strict.filter((device) => !waysOut.includes(device)).map((device) => finding(device, waysOut));
}

/** The kernel takes the larger number of both: 1 is strict, 2 is loose. */
async function modeOf(kernel: Pick<CommandRunner, 'readKernelFile'>, device: string): Promise<number> {
  const files = ['all', device].map((name) => `/proc/sys/net/ipv4/conf/${name}/rp_filter`);
  const texts = await Promise.all(files.map((path) => kernel.readKernelFile(path)));
  return Math.max(...texts.map((text) => Number(text ?? 0)));
}

/** Several: packets are shared out among them. */
function defaultDevices(routes: readonly Route[]): string[] {
  const defaults = routes.filter((route) => textAt(route, 'dst') === 'default' && isMain(route));
  const [best] = defaults.toSorted((a, b) => (numberAt(a, 'metric') ?? 0) - (numberAt(b, 'metric') ?? 0));
  return best ? devicesOf(best) : [];
}

function isMain(route: Route): boolean {
  return ['main', undefined].includes(textAt(route, 'table')) && !isIpv6(route);
}

function finding(device: string, waysOut: readonly string[]): CausalFinding {
  const out =
    waysOut.length === 0 ? 'there is no default route' : `the default route leaves by ${waysOut.join(', ')}`;
  return {
    check: 'reverse path',
    subject: device,
    problem: 'reverse path filtering is strict on it',
    explanation:
      `packets for floating IPs that come from elsewhere are dropped: ${out}. ` +
      'Write the setting to a file in /etc/sysctl.d for the next boot as well',
    command: `sysctl -w net.ipv4.conf.${device.replaceAll('.', '/')}.rp_filter=2`,
    isSafe: false,
  };
}
