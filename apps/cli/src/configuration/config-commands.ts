import type { Command } from 'commander';
import { CliFailure } from '../cli-failure.error.js';
import type { CommandTools } from '../command-tools.js';
import { withExamples } from '../grammar/command-facts.js';
import { configurationArguments } from './configuration-arguments.js';

/** Adds everything below `novanet config`. */
export function configCommands(config: Command, tools: CommandTools): void {
  const check = config
    .command('check')
    .description('check a configuration as the services do at their start, with all that is wrong in it');
  withExamples(
    check,
    'novanet config check',
    'novanet --config-file /etc/nova/nova.conf config check',
    'novanet --flagfile /etc/nova/nova.conf config check --json',
  );
  check.action(async () => {
    // Loaded only when it is needed: the command must start at once.
    const { checkConfiguration } = await import('@novanet/config');
    const report = checkConfiguration({ argv: configurationArguments(tools), env: tools.env });
    const { problems, remarks, optionsSet } = report;
    tools.answer(
      report,
      [
        ...remarks.map((remark) => `warning: ${remark}`),
        ...problems.map((problem) => `error: ${problem}`),
        ...(problems.length === 0 ? [`${optionsSet} ${optionsSet === 1 ? 'option' : 'options'} set.`] : []),
      ].join('\n'),
    );
    if (problems.length > 0) {
      const count = problems.length === 1 ? 'One error' : `${problems.length} errors`;
      throw new CliFailure('refused', `${count}: no service starts with this configuration.`);
    }
  });
}
