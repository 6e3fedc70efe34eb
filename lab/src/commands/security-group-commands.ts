import type { Command } from 'commander';

import { allowTraffic, describeTraffic, type Ports, type Protocol } from '../instances/allow.js';
import { openLab } from '../state/open-lab.js';
import type { Progress } from '../terminal/progress.js';
import { parseCidr, parsePorts, parseProtocol } from './parse.js';

/** `allow`. */
export function addSecurityGroupCommands(program: Command, progress: Progress): void {
  program
    .command('allow')
    .description('let traffic in to an instance, and to the others in the group "default" of its project')
    .argument('<name>', 'the instance')
    .argument('<protocol>', 'tcp, udp or icmp', parseProtocol)
    .argument('[ports]', '80 or 8000-8080 (default: all of them)', parsePorts)
    .option('--from <cidr>', 'where it may come from; of IPv6: ::/0', parseCidr, '0.0.0.0/0')
    .option('--lab <name>', 'name of the lab', 'default')
    .action(
      async (
        name: string,
        protocol: Protocol,
        ports: Ports | undefined,
        { from, lab }: { readonly from: string; readonly lab: string },
      ) => {
        const open = openLab(lab);
        const traffic = { protocol, from, ...(ports && { ports }) };
        const what = describeTraffic(traffic);
        const projectId = await progress.step(`allowing ${what} to ${name}`, () =>
          allowTraffic(open, name, traffic),
        );
        process.stdout.write(`The group "default" of project ${projectId} lets in ${what}\n`);
      },
    );
}
