import { describe, expect, it } from 'vitest';
import { toolsFor } from '../command-tools.js';
import { createProgram } from '../create-program.js';
import { examplesOf, pathOf, withDescendants } from '../grammar/command-facts.js';
import { Doors } from '../http/api-door.js';
import { renderCliPage } from './cli-page.js';

const silent = { env: {}, print: () => undefined, complain: () => undefined };
const program = createProgram(silent, (own) => toolsFor(own, silent, new Doors({})));
const commands = withDescendants(program).filter((command) => command.commands.length === 0);

it('docs/cli.md says what the commands declare', async () => {
  const page = new URL('../../../../docs/cli.md', import.meta.url);
  await expect(renderCliPage(program)).toMatchFileSnapshot(page.pathname);
});

describe.each(commands.map((command) => ({ path: pathOf(command), command })))(
  '$path',
  ({ path, command }) => {
    it('has an example of itself', () => {
      expect(examplesOf(command).filter((line) => line.includes(path.slice('novanet'.length)))).not.toEqual(
        [],
      );
    });
  },
);
