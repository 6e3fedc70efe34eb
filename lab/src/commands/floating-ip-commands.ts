import type { Command } from 'commander';

import { associateFloatingIp, disassociateFloatingIp } from '../instances/floating-ip.js';
import { openLab } from '../state/open-lab.js';
import type { Progress } from '../terminal/progress.js';

/** `associate` and `disassociate`. */
export function addFloatingIpCommands(program: Command, progress: Progress): void {
  program
    .command('associate <name> [address]')
    .description('make a floating IP (default: a new one) lead to an instance, and print it')
    .option('--lab <name>', 'name of the lab', 'default')
    .action(async (name: string, address: string | undefined, { lab }: { lab: string }) => {
      const open = openLab(lab);
      const title = `associating ${address ?? 'a floating IP'} with ${name}`;
      const floating = await progress.step(title, () => associateFloatingIp(open, name, address));
      process.stdout.write(`${floating}\n`);
    });
  program
    .command('disassociate <address>')
    .description('make a floating IP lead nowhere')
    .option('--lab <name>', 'name of the lab', 'default')
    .action(async (address: string, { lab }: { lab: string }) => {
      const open = openLab(lab);
      await progress.step(`disassociating ${address}`, () => disassociateFloatingIp(open, address));
    });
}
