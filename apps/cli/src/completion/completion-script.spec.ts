import { execFileSync } from 'node:child_process';
import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { completionScript } from './completion-script.js';

function program(): Command {
  const top = new Command('novanet')
    .option('--json', 'as JSON')
    .option('--api-url <url>', "the API's address");
  const network = top.command('network').description('networks');
  network.command('create').description('create one').option('--gateway <address>', 'its gateway');
  network.command('list').description('list them');
  network.command('secret', { hidden: true });
  top.command('service').description('services');
  return top;
}

/** What bash would offer for the last of the words. */
function offered(...words: string[]): string[] {
  const script = [
    completionScript(program(), 'bash'),
    `COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')})`,
    'COMP_CWORD=$((${#COMP_WORDS[@]} - 1))',
    '_novanet',
    'printf "%s\\n" "${COMPREPLY[@]}"',
  ].join('\n');
  return execFileSync('bash', ['-c', script], { encoding: 'utf8' }).trim().split('\n');
}

describe('the completion of bash', () => {
  it.each([
    { words: ['novanet', ''], offers: ['network', 'service', '--json', '--api-url', '--help'] },
    { words: ['novanet', 'n'], offers: ['network'] },
    { words: ['novanet', 'network', ''], offers: ['create', 'list', '--help'] },
    { words: ['novanet', '--api-url', 'http://x', 'network', 'l'], offers: ['list'] },
    { words: ['novanet', 'network', 'create', 'x', '--'], offers: ['--gateway', '--help'] },
  ])('offers $offers after $words', ({ words, offers }) => {
    expect(offered(...words)).toEqual(offers);
  });
});

it('the completion of fish knows every command and option with its meaning', () => {
  const lines = completionScript(program(), 'fish').split('\n');
  expect(lines.filter((line) => line.startsWith('complete'))).toEqual([
    'complete -c novanet -f',
    "complete -c novanet -n '__novanet_at \\'\\'' -a network -d 'networks'",
    "complete -c novanet -n '__novanet_at \\'\\'' -a service -d 'services'",
    "complete -c novanet -n '__novanet_at \\'\\'' -l json -d 'as JSON'",
    "complete -c novanet -n '__novanet_at \\'\\'' -l api-url -r -d 'the API\\'s address'",
    "complete -c novanet -n '__novanet_at \\' network\\'' -a create -d 'create one'",
    "complete -c novanet -n '__novanet_at \\' network\\'' -a list -d 'list them'",
    "complete -c novanet -n '__novanet_at \\' network create\\'' -l gateway -r -d 'its gateway'",
  ]);
});

it('the completion of zsh knows every place', () => {
  expect(completionScript(program(), 'zsh')).toContain(
    [
      "    '') compadd -- network service --json --api-url --help ;;",
      "    ' network') compadd -- create list --help ;;",
      "    ' network create') compadd -- --gateway --help ;;",
    ].join('\n'),
  );
});
