import { ConfigurationError, loadSettings } from '@novanet/config';

// For the program that started this one: it is told over the channel between them where to ask, and with which token.
const leave = Promise.withResolvers<void>();
for (const event of ['disconnect', 'SIGTERM', 'SIGINT', 'SIGHUP']) process.once(event, () => leave.resolve());

if (process.connected) await serveParent();
else {
  process.stderr.write('This program serves the one that starts it: operators run novanet or network-api.\n');
  process.exitCode = 2;
}

async function serveParent(): Promise<void> {
  try {
    // What may be a mistake is told by the services at their start, and by novanet config check: not by each command.
    const warn = () => undefined;
    const settings = loadSettings({ argv: process.argv.slice(2), env: process.env, warn });
    // Loaded only now: who wrote the configuration wrongly is told at once.
    const { servePrivately } = await import('./private-api.js');
    const served = await servePrivately(settings, leave.promise);
    await tell(served.door);
    await leave.promise;
    await served.stop();
  } catch (error) {
    const isConfigured = !(error instanceof ConfigurationError);
    const problems = isConfigured ? [error instanceof Error ? error.message : String(error)] : error.problems;
    await tell({ problems, isUnreachable: isConfigured });
    process.exitCode = 1;
  } finally {
    if (process.connected) process.disconnect();
  }
}

/** A parent that is gone need not be told. */
function tell(message: object): Promise<void> {
  return new Promise((resolve) => {
    if (!process.send) return resolve();
    process.send(message, () => resolve());
  });
}
