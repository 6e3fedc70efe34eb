import { Argument, type Command } from 'commander';
import type { CommandTools } from '../command-tools.js';
import { visibleCommands, withExamples } from '../grammar/command-facts.js';
import { matchName } from '../grammar/match-name.js';
import { completionScript, shells, type Shell } from './completion-script.js';

/** Adds `novanet completion`, and `bash-completion` as nova-manage had it. */
export function completionCommands(program: Command, tools: CommandTools): void {
  const completion = program
    .command('completion')
    .description('print a script that makes a shell complete commands and options')
    .addArgument(new Argument('<shell>', 'which').choices(shells));
  withExamples(
    completion,
    'novanet completion bash > /etc/bash_completion.d/novanet',
    'novanet completion fish > ~/.config/fish/completions/novanet.fish',
  );
  completion.action((shell: Shell) => {
    const script = completionScript(program, shell);
    tools.answer({ shell, script }, script);
  });

  const names = program
    .command('bash-completion', { hidden: true })
    .description('print the categories, or the actions of one, for scripts that ask nova-manage so')
    .argument('[category]', 'whose actions');
  withExamples(names, 'novanet bash-completion network');
  names.action((word?: string) => {
    const categories = visibleCommands(program);
    const named = categories.map((thing) => ({ name: thing.name(), thing }));
    const category = word === undefined ? undefined : matchName(word, named);
    const listed = word === undefined ? categories : category ? visibleCommands(category) : [];
    const found = listed.map((each) => each.name());
    tools.answer(found, found.join(' '));
  });
}
