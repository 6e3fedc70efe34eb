// The Debian packages that the lab and the tests need, installed without starting a single service.
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { step, UserError } from './progress.mjs';
import { environment, runQuietly } from './run-program.mjs';

/** What proves that a package is there (a program, or the path of a file), and the package. */
const forLab = [
  ['ip', 'iproute2'],
  ['ping', 'iputils-ping'],
  ['curl', 'curl'],
  ['iptables-restore', 'iptables'],
  ['ipset', 'ipset'],
  ['dnsmasq', 'dnsmasq-base'],
  ['dhcp_release', 'dnsmasq-utils'],
  ['radvd', 'radvd'],
  ['udhcpc', 'udhcpc'],
  ['ifup', 'ifupdown'],
  ['mariadbd', 'mariadb-server-core'],
  ['my_print_defaults', 'mariadb-client-core'],
  ['/usr/lib/rabbitmq/bin/rabbitmq-server', 'rabbitmq-server'],
  ['/usr/lib/python3/dist-packages/oslo_messaging', 'python3-oslo.messaging'],
];
/** For hosts with a kernel of their own, whose ebtables is the legacy one. Debian has them for this processor. */
const forKernels = [
  ['linux.uml', 'user-mode-linux'],
  ['modprobe', 'kmod'],
  ['ebtables-legacy', 'ebtables'],
];
const forTests = [
  ...forLab,
  ['sysctl', 'procps'],
  ['conntrack', 'conntrack'],
  ['openssl', 'openssl'],
  ['tcpdump', 'tcpdump'],
  ['netplan', 'netplan.io'],
  ['/usr/lib/python3/dist-packages/cloudinit', 'cloud-init'],
  ['openstack', 'python3-openstackclient'],
  ['nova', 'python3-novaclient'],
  ['keystone-manage', 'python3-keystone'],
  ['/usr/lib/python3/dist-packages/pymysql', 'python3-pymysql'],
  ['dhclient', 'isc-dhcp-client'],
  ['ssh-keygen', 'openssh-client'],
  ['jq', 'jq'],
  ...(process.arch === 'x64' ? forKernels : []),
];

/** Their packages would start these at boot; the lab starts its own. */
const services = {
  'rabbitmq-server': ['rabbitmq-server.service', 'epmd.socket', 'epmd.service'],
  radvd: ['radvd.service'],
  ifupdown: ['networking.service'],
  'cloud-init': [
    'cloud-init-local.service',
    'cloud-init.service',
    'cloud-config.service',
    'cloud-final.service',
    'cloud-init-hotplugd.socket',
  ],
};

/**
 * Installs what is missing, and says so. Throws UserError.
 * @param {'lab' | 'tests'} purpose
 */
export async function installDebianPackages(purpose) {
  removeStalePolicy();
  const needed = purpose === 'tests' ? forTests : forLab;
  const missing = needed.filter(([proof]) => !isPresent(proof));
  const packages = missing.map(([, name]) => name);
  if (missing.length === 0) return;
  if (!isPresent('apt-get')) {
    throw new UserError(
      `these programs' packages are missing and there is no apt-get to install them: ${packages.join(', ')}.`,
    );
  }
  await step(`installing Debian packages: ${packages.join(', ')}`, () =>
    withoutServices(() => install(packages)),
  );
  await disableServices(packages);
  const lost = missing.find(([proof]) => !isPresent(proof));
  if (lost) {
    throw new UserError(
      `${lost[0]} is missing although apt-get has ${lost[1]} installed: apt-get install --reinstall ${lost[1]}.`,
    );
  }
}

function isPresent(proof) {
  if (proof.startsWith('/')) return existsSync(proof);
  return environment.PATH.split(':').some((folder) => existsSync(join(folder, proof)));
}

async function install(packages) {
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  const wait = ['-o', 'DPkg::Lock::Timeout=120'];
  // An interrupted installation has to be finished before the next.
  await runQuietly(['dpkg', '--configure', '-a'], { env });
  // Old lists may still do; when they do not, the installation says so.
  await runQuietly(['apt-get', ...wait, 'update', '-q'], { env });
  const argv = ['apt-get', ...wait, 'install', '-q', '-y', '--no-install-recommends', ...packages];
  const { exitCode, output, logFile } = await runQuietly(argv, { env });
  if (exitCode === 0) return;
  if (/Temporary failure resolving|Could not connect|Failed to fetch|Unable to locate package/.test(output)) {
    throw new UserError(
      `apt-get cannot fetch ${packages.join(', ')}: this machine needs network (or a mirror) once, to install (${logFile}).`,
    );
  }
  const reason = output.split('\n').find((line) => line.startsWith('E: ')) ?? '';
  throw new UserError(`apt-get could not install ${packages.join(', ')}: ${reason.slice(3)} (${logFile}).`);
}

const policyFile = '/usr/sbin/policy-rc.d';
const policyMark = '# novanet installs packages; process ';
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** What an installation left that was killed: it would keep all services from starting for ever. */
function removeStalePolicy() {
  if (!existsSync(policyFile)) return;
  const line = readFileSync(policyFile, 'utf8')
    .split('\n')
    .find((each) => each.startsWith(policyMark));
  if (line !== undefined && !existsSync(`/proc/${line.slice(policyMark.length)}`)) rmSync(policyFile);
}

/** Debian's own way to say that installing a package must not start what is in it. */
async function withoutServices(run) {
  if (existsSync(policyFile)) {
    await run();
    return;
  }
  const remove = () => rmSync(policyFile, { force: true });
  writeFileSync(policyFile, `#!/bin/sh\n${policyMark}${process.pid}\nexit 101\n`, { mode: 0o755 });
  const leave = () => {
    remove();
    process.exit(130);
  };
  for (const name of signals) process.once(name, leave);
  try {
    await run();
  } finally {
    for (const name of signals) process.off(name, leave);
    remove();
  }
}

async function disableServices(packages) {
  const units = packages.flatMap((name) => services[name] ?? []);
  if (units.length === 0 || !existsSync('/run/systemd/system')) return;
  for (const unit of units) await runQuietly(['systemctl', 'disable', '--now', unit]);
}
