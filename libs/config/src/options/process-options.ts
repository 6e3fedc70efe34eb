import { formerly, option } from '../option.js';
import { absolutePath, boolean, choice, hostName, ipv4, seconds } from '../option-types.js';
import { databaseUrl } from '../url-types.js';

/** Who the service is, where it keeps things, its database. */
export const processOptions = {
  host: option(
    'host',
    hostName,
    { shown: 'name of the machine', of: (machine) => machine.hostName() },
    'Identity of this worker: it stands in queue names and in the database, so it must stay the same for ever.',
  ),
  myIp: option(
    'my_ip',
    ipv4,
    { shown: 'address of the interface with the default route', of: (machine) => machine.ipv4() },
    'Address of this host.',
  ),
  statePath: option('state_path', absolutePath, '/var/lib/novanet', 'Directory for everything kept on disk.'),
  networksPath: option(
    'networks_path',
    absolutePath,
    '$state_path/networks',
    'Directory of the files dnsmasq reads.',
  ),
  logLevel: option(
    'log_level',
    choice('trace', 'debug', 'info', 'warn', 'error', 'fatal'),
    'info',
    'Least severe level that is logged. nova has `debug = true` for `debug`.',
    { debug: (value) => (boolean.read(value) ? 'debug' : '') },
  ),
  reportInterval: option('report_interval', seconds, '10', 'Seconds between two heartbeats of a worker.'),
  serviceDownTime: option(
    'service_down_time',
    seconds,
    '60',
    'Seconds without a heartbeat after which a worker counts as down.',
  ),
  databaseConnection: option(
    '[database] connection',
    databaseUrl,
    'mysql://novanet@127.0.0.1:3306/novanet',
    'The database; `mysql+pymysql://` and the like mean the same.',
    formerly('sql_connection'),
  ),
};
