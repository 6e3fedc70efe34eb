import { Command, Option } from 'commander';
import { describe, expect, it } from 'vitest';
import { canonicalArguments } from './canonical-arguments.js';
import { alsoCalled } from './command-facts.js';

function program(): Command {
  const top = new Command('novanet')
    .option('--config-file <file>')
    .option('--json')
    .option('-y, --yes')
    .option('--yaml');
  const network = top.command('network');
  network
    .command('create')
    .option('--vlan <id>')
    .option('--vlan-start <id>')
    .option('--multi-host [yes]')
    .addOption(alsoCalled(new Option('--fixed-range-v4 <range>'), 'cidr'));
  network.command('list');
  const project = top.command('project').alias('account');
  project.command('scrub');
  project.command('show');
  top.command('fixed').command('list');
  top.command('floating');
  return top;
}

describe('names on the command line', () => {
  it.each([
    { line: 'fix list', read: 'fixed list' },
    { line: 'help network create', read: 'network create --help' },
    { line: 'network help', read: 'network --help' },
    { line: 'NETWORK L', read: 'network list' },
    { line: 'acc scr', read: 'project scrub' },
    { line: '--config_file /etc/a_b.conf net l', read: '--config-file=/etc/a_b.conf network list' },
    { line: '--config-file=x=y net l --js', read: '--config-file=x=y network list --json' },
    { line: 'net cr --fixed_range_v4 10.0.0.0/24', read: 'network create --fixed-range-v4=10.0.0.0/24' },
    { line: 'net cr --fixed_r=a_b', read: 'network create --fixed-range-v4=a_b' },
    { line: 'net cr --cidr a_b', read: 'network create --fixed-range-v4=a_b' },
    { line: 'net cr --vlan 7', read: 'network create --vlan=7' },
    { line: 'net cr --vlan_s -1', read: 'network create --vlan-start=-1' },
    { line: 'net cr --multi_host my_net', read: 'network create --multi-host=true my_net' },
    { line: 'net cr --multi_host F my_net', read: 'network create --multi-host=F my_net' },
    { line: 'net cr --no_multi_host', read: 'network create --multi-host=false' },
    { line: 'net cr -y -- --x', read: 'network create -y -- --x' },
    { line: 'net cr --HELP', read: 'network create --help' },
  ])('$line means $read', ({ line, read }) => {
    expect(canonicalArguments(program(), line.split(' '))).toEqual(read.split(' '));
  });

  it.each([
    ['f list', '"f" may mean fixed or floating: write more of it.'],
    ['project s', '"s" may mean scrub or show: write more of it.'],
    ['network --y', '"y" may mean yaml or yes: write more of it.'],
    ['network create --v 7', '"v" may mean vlan or vlan-start: write more of it.'],
    ['user list', 'novanet knows no "user", only fixed, floating, network or project.'],
    ['network frob', 'novanet network knows no "frob", only create or list.'],
    [
      'network create --frob_it=1',
      'novanet network create has no option --frob_it, only --fixed-range-v4, --multi-host, --vlan or --vlan-start.',
    ],
    ['network list --frob', 'novanet network list has no option --frob.'],
  ])('%s is refused', (line, message) => {
    expect(() => canonicalArguments(program(), line.split(' '))).toThrow(message);
  });
});
