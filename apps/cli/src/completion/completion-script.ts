import type { Command } from 'commander';
import { pathOf, visibleCommands, withDescendants } from '../grammar/command-facts.js';

export const shells = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof shells)[number];

/** A place on the command line, and what may stand there. */
interface Place {
  /** " network create": a space before each word. */
  readonly path: string;
  readonly commands: readonly { readonly name: string; readonly about: string }[];
  readonly options: readonly {
    readonly long: string;
    readonly about: string;
    readonly takesValue: boolean;
  }[];
}

/** A script that makes the shell complete this program's commands and options. */
export function completionScript(program: Command, shell: Shell): string {
  const name = program.name();
  const places = withDescendants(program).map((command) => placeOf(command, name));
  return scripts[shell](name, places);
}

const scripts: Readonly<Record<Shell, (name: string, places: readonly Place[]) => string>> = {
  bash: bashScript,
  zsh: zshScript,
  fish: fishScript,
};

function placeOf(command: Command, name: string): Place {
  return {
    path: pathOf(command).slice(name.length),
    commands: visibleCommands(command).map((each) => ({ name: each.name(), about: each.description() })),
    options: command.options
      .filter((option) => !option.hidden)
      .map(({ long, description: about, required, optional }) => ({
        long: long ?? '',
        about,
        takesValue: required || optional,
      })),
  };
}

function wordsAt({ commands, options }: Place): string {
  return [...commands.map(({ name }) => name), ...options.map(({ long }) => long), '--help'].join(' ');
}

/** Which word leads from one place to another, as a pattern of `case`. */
function steps(places: readonly Place[]): string {
  return places
    .filter(({ path }) => path !== '')
    .map(({ path }) => `'${path}'`)
    .join(' | ');
}

function cases(places: readonly Place[], line: (place: Place) => string): string {
  return places.map((place) => `    '${place.path}') ${line(place)} ;;`).join('\n');
}

function bashScript(name: string, places: readonly Place[]): string {
  return `# bash completion of ${name}: source it, or put it into /etc/bash_completion.d
_${name}() {
  local at='' word names=''
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$at $word" in
    ${steps(places)}) at="$at $word" ;;
    esac
  done
  case "$at" in
${cases(places, (place) => `names='${wordsAt(place)}'`)}
  esac
  COMPREPLY=($(compgen -W "$names" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -F _${name} ${name}`;
}

function zshScript(name: string, places: readonly Place[]): string {
  return `#compdef ${name}
# zsh completion of ${name}: put it into a folder of $fpath, as _${name}
_${name}() {
  local at='' word
  for word in \${words[2,CURRENT-1]}; do
    case "$at $word" in
    ${steps(places)}) at="$at $word" ;;
    esac
  done
  case "$at" in
${cases(places, (place) => `compadd -- ${wordsAt(place)}`)}
  esac
}
compdef _${name} ${name}`;
}

function fishScript(name: string, places: readonly Place[]): string {
  const known = places.filter(({ path }) => path !== '').map(({ path }) => fishText(path));
  const lines = places.flatMap(({ path, commands, options }) => {
    const where = `complete -c ${name} -n ${fishText(`__${name}_at '${path}'`)}`;
    return [
      ...commands.map((each) => `${where} -a ${each.name} -d ${fishText(each.about)}`),
      ...options.map(
        ({ long, about, takesValue }) =>
          `${where} -l ${long.slice(2)}${takesValue ? ' -r' : ''} -d ${fishText(about)}`,
      ),
    ];
  });
  return `# fish completion of ${name}: put it into ~/.config/fish/completions/${name}.fish
function __${name}_at
  set -l at ''
  for word in (commandline -opc)[2..]
    if contains -- "$at $word" ${known.join(' ')}
      set at "$at $word"
    end
  end
  test "$at" = "$argv[1]"
end
complete -c ${name} -f
${lines.join('\n')}`;
}

function fishText(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
