import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { runCommand } from '@novanet/testbed';

import type { VifInfo } from '../cloud/network-info.js';

interface InstancePlace {
  readonly netns: string;
  /** The instance's: the file and ifupdown's state are kept there. */
  readonly folder: string;
}

/**
 * Configures the NICs on injected networks as the boot of a Debian image does, by the file that a compute service writes
 * into it. Does nothing for an instance without such NICs. Throws CommandFailed, ProgramMissing.
 */
export async function bringUpInjected(vifs: readonly VifInfo[], place: InstancePlace): Promise<void> {
  // Loaded only here: most commands, and instances with DHCP, do not need it.
  const { interfacesFile } = await import('@novanet/contracts');
  // ifupdown refuses a second default route.
  const content = interfacesFile(vifs, { singleDefaultGateway: true });
  if (content === undefined) return;
  const file = join(place.folder, 'interfaces');
  writeFileSync(file, content);
  // The hooks in /etc/network are this machine's.
  const argv = ['ifup', '--all', '--no-scripts', `--interfaces=${file}`, `--state-dir=${place.folder}`];
  await runCommand(argv, { netns: place.netns });
}
