/** Which Debian package brings a program that tests or the lab need. */
const packages: Readonly<Record<string, string>> = {
  dnsmasq: 'dnsmasq-base',
  epmd: 'erlang-base',
  ifup: 'ifupdown',
  ip: 'iproute2',
  iptables: 'iptables',
  'iptables-restore': 'iptables',
  'iptables-save': 'iptables',
  'linux.uml': 'user-mode-linux',
  'mariadb-install-db': 'mariadb-server-core',
  mariadbd: 'mariadb-server-core',
  netplan: 'netplan.io',
  ping: 'iputils-ping',
  'rabbitmq-server': 'rabbitmq-server',
  udhcpc: 'udhcpc',
};

/** A program that is needed is not installed. */
export class ProgramMissing extends Error {
  constructor(
    readonly program: string,
    options?: ErrorOptions,
  ) {
    const owner = packages[program];
    const remedy = owner ? `: install the Debian package ${owner}` : '';
    super(`the program "${program}" is not installed${remedy}`, options);
    this.name = 'ProgramMissing';
  }
}
