import { execFile } from 'node:child_process';
import { join } from 'node:path';

/** By whom, and where, a client of OpenStack gets its token. */
export interface Login {
  readonly authUrl: string;
  readonly user: string;
  readonly project: string;
}

/** Of everybody, in the tests. */
export const CLIENT_PASSWORD = 'secret';

/**
 * What the client prints to these commands, with ids and times in the place of which stands what they are; tables keep
 * their form. Throws when the client itself cannot be started.
 */
export async function transcript(
  client: 'openstack' | 'nova',
  { authUrl, user, project }: Login,
  commands: readonly string[],
): Promise<string> {
  const env = {
    ...process.env,
    OS_AUTH_URL: authUrl,
    OS_USERNAME: user,
    OS_PASSWORD: CLIENT_PASSWORD,
    OS_PROJECT_NAME: project,
    OS_USER_DOMAIN_NAME: 'Default',
    OS_PROJECT_DOMAIN_NAME: 'Default',
    OS_IDENTITY_API_VERSION: '3',
    PYTHONWARNINGS: 'ignore',
    COLUMNS: '200',
  };
  const argv = [
    '-c',
    'exec /usr/bin/python3 "$0" "$1" 2>&1',
    join(import.meta.dirname, 'run_client.py'),
    client,
  ];
  const text = await new Promise<string>((resolve, reject) => {
    const child = execFile('sh', argv, { env }, (error, stdout) => (error ? reject(error) : resolve(stdout)));
    child.stdin?.end(commands.map((command) => `${command}\n`).join(''));
  });
  return text
    .replaceAll(/test-[0-9a-f]{12}/g, 'network'.padEnd(17))
    .replace(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}( \||)/g, inPlace('<uuid>'))
    .replace(/\b[0-9a-f]{32}( \||)/g, inPlace('<id>'))
    .replace(/\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?Z?( *\||)/g, inPlace('<time>'));
}

function inPlace(what: string): (found: string, end: string) => string {
  return (found, end) => what.padEnd(end === ' |' ? found.length - 2 : 0) + end;
}
