import type { Assignment } from './assignment.js';

// What older configurations say of the broker, in the sections in which nova read it. Values are never repeated: one
// of them is a password.

const RABBIT = 'oslo_messaging_rabbit';
const ADDRESS = 'write transport_url = rabbit://user:password@host:5672/vhost instead';

const ADDRESS_NAMES: ReadonlySet<string> = new Set([
  'rabbit_host',
  'rabbit_hosts',
  'rabbit_port',
  'rabbit_userid',
  'rabbit_password',
  'rabbit_virtual_host',
]);

/** Each older name, and the one that transport_url takes. */
const TLS_FILES: ReadonlyMap<string, string> = new Map([
  ['ssl_ca_file', 'ssl_ca_file'],
  ['ssl_cert_file', 'ssl_cert_file'],
  ['ssl_key_file', 'ssl_key_file'],
  ['kombu_ssl_ca_certs', 'ssl_ca_file'],
  ['kombu_ssl_certfile', 'ssl_cert_file'],
  ['kombu_ssl_keyfile', 'ssl_key_file'],
]);

const TLS_VERSIONS: ReadonlySet<string> = new Set(['ssl_version', 'kombu_ssl_version']);
const TLS_SWITCHES: ReadonlySet<string> = new Set(['ssl', 'rabbit_use_ssl']);

/** What to write instead of an option of the broker that is not read; undefined for all other assignments. */
export function brokerAdvice(assignment: Assignment): string | undefined {
  const { group, name, value } = assignment;
  if ((group === 'DEFAULT' || group === RABBIT) && ADDRESS_NAMES.has(name)) return ADDRESS;
  if (!isAboutBroker(assignment) || value === '') return undefined;
  if (TLS_VERSIONS.has(name)) return 'the broker and this service agree on the newest version that both know';
  const file = TLS_FILES.get(name);
  return file && `write ?ssl=true&${file}=/path/of/the/file at the end of transport_url instead`;
}

/**
 * Problems: encryption is switched on where it is not read, and transport_url does not ask for it, so that passwords
 * would travel in clear text.
 */
export function lostEncryption(assignments: readonly Assignment[], transportUrl: string): readonly string[] {
  if (/^amqps:|[?&]ssl=(true|1|yes|on)(&|$)/i.test(transportUrl)) return [];
  const last = assignments.findLast((each) => isAboutBroker(each) && TLS_SWITCHES.has(each.name));
  if (!last || !/^(true|t|1|on|yes)$/i.test(last.value)) return [];
  return [
    `${last.name} in ${last.place} is not read, and transport_url does not ask for encryption: ` +
      `write ?ssl=true&ssl_ca_file=/path/of/the/file at the end of transport_url`,
  ];
}

/** In [DEFAULT], names that begin with ssl are those of nova's web server. */
function isAboutBroker({ group, name }: Assignment): boolean {
  return group === RABBIT || (group === 'DEFAULT' && /^(rabbit|kombu)_/.test(name));
}
