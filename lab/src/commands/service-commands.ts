import type { Command } from 'commander';

import { findParts } from '../lifecycle/parts.js';
import { describeStatus, statusOf } from '../lifecycle/status.js';
import { openLab } from '../state/open-lab.js';
import type { Progress } from '../terminal/progress.js';

const verbs = {
  start: 'start what does not run, and wait until it is ready',
  stop: 'end in good order (SIGTERM)',
  kill: 'end at once (SIGKILL), as a power cut would',
} as const;

/** `status`, `env`, `start`, `stop` and `kill`. */
export function addServiceCommands(program: Command, progress: Progress): void {
  program
    .command('status')
    .description('what there is, and how to reach it')
    .option('--lab <name>', 'name of the lab', 'default')
    .option('--json', 'as JSON')
    .action(({ lab, json }: { lab: string; json?: boolean }) => {
      const status = statusOf(openLab(lab));
      process.stdout.write(`${json ? JSON.stringify(status, undefined, 2) : describeStatus(status)}\n`);
    });
  program
    .command('env')
    .description('for the shell, how to reach it: eval "$(npm run lab -- env)"')
    .option('--lab <name>', 'name of the lab', 'default')
    .action(({ lab }: { lab: string }) => {
      const { urls } = openLab(lab);
      process.stdout.write(
        `export NOVANET_API_URL=${urls.api} AMQP_URL=${urls.amqp} DATABASE_URL=${urls.database}\n`,
      );
    });
  for (const verb of ['start', 'stop', 'kill'] as const) {
    program
      .command(`${verb} <target> [service]`)
      .description(`h1 [worker|dhcpbridge|metadata], api, broker or database: ${verbs[verb]}`)
      .option('--lab <name>', 'name of the lab', 'default')
      .action(async (target: string, service: string | undefined, { lab }: { lab: string }) => {
        const parts = await findParts(openLab(lab), target, service);
        const title = `${verb} ${target}${service === undefined ? '' : ` ${service}`}`;
        await progress.step(title, async () => {
          await Promise.all(parts.map((part) => part[verb]()));
        });
      });
  }
}
