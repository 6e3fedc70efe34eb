import type { Command } from 'commander';
import { CliFailure } from '../cli-failure.error.js';
import type { CommandTools } from '../command-tools.js';
import { withExamples } from '../grammar/command-facts.js';
import type { ApiClient } from '../http/api-client.js';
import { disassociateProject, listNetworks } from '../networks/api-network.js';
import { deleteSecurityGroup, securityGroupsOf } from './api-project.js';

/** What a project had, and has not any more. */
interface Scrubbing {
  readonly project: string;
  readonly networks: string[];
  readonly security_groups: string[];
  /** Security groups that stay, and why. */
  readonly kept: { readonly name: string; readonly reason: string }[];
}

/** Adds `novanet project scrub`. */
export function scrubCommand(projects: Command, tools: CommandTools): void {
  const scrub = projects
    .command('scrub')
    .description("take a project's networks from it, and delete its security groups that nothing uses")
    .argument('[project]', 'as --project')
    .option('--project <id>', 'the project');
  withExamples(scrub, 'novanet project scrub 7c0ce0b51c8b4b6d', 'novanet project scrub --project ID --yes');
  scrub.action(async (word: string | undefined, { project = word }: { readonly project?: string }) => {
    if (!project) throw new CliFailure('usage', 'Which project? --project names it.');
    await tools.confirm(`take its networks from project ${project}, and delete its security groups`);
    const done = await scrubProject(tools.api(), project);
    tools.report(done, renderScrubbing(done));
  });
}

async function scrubProject(api: ApiClient, project: string): Promise<Scrubbing> {
  const done: Scrubbing = { project, networks: [], security_groups: [], kept: [] };
  const networks = await listNetworks(api);
  for (const network of networks.filter((each) => each['project_id'] === project)) {
    await disassociateProject(api, network.id);
    done.networks.push(network.label);
  }
  for (const group of await securityGroupsOf(api, project)) {
    const reason =
      group.name === 'default' ? 'every project has it' : await refusal(deleteSecurityGroup(api, group));
    if (reason === undefined) done.security_groups.push(group.name);
    else done.kept.push({ name: group.name, reason });
  }
  return done;
}

/** Why the API did not do it. Throws CliFailure when it could not be asked. */
async function refusal(deletion: Promise<void>): Promise<string | undefined> {
  try {
    await deletion;
    return undefined;
  } catch (error) {
    if (error instanceof CliFailure && error.outcome === 'refused') return error.message;
    throw error;
  }
}

function renderScrubbing({ project, networks, security_groups: groups, kept }: Scrubbing): string {
  return [
    ...networks.map((label) => `Network ${label} is nobody's any more.`),
    ...groups.map((name) => `Security group ${name} deleted.`),
    ...kept.map(({ name, reason }) => `Security group ${name} kept: ${reason}`),
    ...(networks.length + groups.length === 0 ? [`Project ${project} had nothing to take away.`] : []),
  ].join('\n');
}
