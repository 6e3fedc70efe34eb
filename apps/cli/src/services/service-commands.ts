import type { Command } from 'commander';
import type { ApiService } from '../api-client.js';
import type { CommandTools } from '../run-cli.js';
import { renderTable } from '../table.js';

/** Adds `list` to `novanet service`. */
export function serviceCommands(service: Command, tools: CommandTools): void {
  service
    .command('list')
    .description('list the services that ever reported, and whether they are alive')
    .action(async () => {
      const services = await tools.api().services();
      tools.answer(services, renderServices(services));
    });
}

function renderServices(services: readonly ApiService[]): string {
  if (services.length === 0) {
    return 'No service has reported yet: start a network worker, and see its log if it does not appear here.';
  }
  return renderTable(
    ['host', 'binary', 'state', 'last seen'],
    services.map((one) => [one.host, one.binary, one.state, one.last_seen_at]),
  );
}
