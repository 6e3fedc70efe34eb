import type { Command } from 'commander';
import type { CommandTools } from '../command-tools.js';
import { quotaCommand } from './quota-command.js';
import { scrubCommand } from './scrub-command.js';

/** Adds everything below `novanet project`. */
export function projectCommands(project: Command, tools: CommandTools): void {
  scrubCommand(project, tools);
  quotaCommand(project.command('quota'), 'novanet project quota', tools);
}
