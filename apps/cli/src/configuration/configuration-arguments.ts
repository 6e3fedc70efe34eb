import type { CommandTools } from '../command-tools.js';

/** The files of the command line, as the services take them. */
export function configurationArguments(tools: CommandTools): readonly string[] {
  return tools.configurationFiles().flatMap((file) => ['--config-file', file]);
}
