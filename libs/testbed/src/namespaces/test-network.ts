import { randomBytes } from 'node:crypto';

import { type CommandOptions, runCommand } from '../processes/run-command.js';
import { addNamespace, ipBatch, removeNamespace } from './namespace.js';

/** One end of a cable: a device in the namespace of a role. */
export interface CableEnd<Role extends string> {
  readonly role: Role;
  readonly device: string;
  readonly mac?: string;
  /** "10.0.0.2/24" */
  readonly address?: string;
  /** The bridge to join. */
  readonly master?: string;
}

/** Network namespaces for one test, with names nobody else has. */
export class TestNetwork<Role extends string> {
  private constructor(private readonly names: ReadonlyMap<Role, string>) {}

  static async create<Role extends string>(roles: readonly Role[]): Promise<TestNetwork<Role>> {
    const prefix = `nvnt-${randomBytes(3).toString('hex')}`;
    const network = new TestNetwork(new Map(roles.map((role) => [role, `${prefix}-${role}`])));
    try {
      for (const netns of network.names.values()) await addNamespace(netns);
    } catch (error) {
      await network.remove();
      throw error;
    }
    return network;
  }

  /** The namespace of a role. */
  netns(role: Role): string {
    const name = this.names.get(role);
    if (!name) throw new Error(`this test network has no "${role}"`);
    return name;
  }

  /** Runs a command in the namespace of a role. Throws CommandFailed. */
  run(role: Role, argv: readonly string[], options: CommandOptions = {}): Promise<string> {
    return runCommand(argv, { ...options, netns: this.netns(role) });
  }

  /** Runs lines of an `ip` script in the namespace of a role. */
  ip(role: Role, ...lines: readonly string[]): Promise<void> {
    return ipBatch(this.netns(role), lines);
  }

  /** Lays a cable (veth) between two namespaces and switches both ends on. */
  async cable(one: CableEnd<Role>, other: CableEnd<Role>): Promise<void> {
    const far = `peer name ${other.device} netns ${this.netns(other.role)}`;
    await this.ip(one.role, `link add ${one.device} type veth ${far}`);
    await this.ip(one.role, ...setUp(one));
    await this.ip(other.role, ...setUp(other));
  }

  /** Kills what lives in the namespaces and removes them. */
  async remove(): Promise<void> {
    for (const netns of this.names.values()) await removeNamespace(netns);
  }
}

function setUp<Role extends string>({ device, mac, address, master }: CableEnd<Role>): string[] {
  return [
    ...(mac ? [`link set ${device} address ${mac}`] : []),
    ...(master ? [`link set ${device} master ${master}`] : []),
    `link set ${device} up`,
    ...(address ? [`addr add ${address} dev ${device}`] : []),
  ];
}

/** Gives the body fresh namespaces, one for each role, and removes them whatever happens. */
export async function withNamespaces<Role extends string, T>(
  roles: readonly Role[],
  body: (network: TestNetwork<Role>) => Promise<T>,
): Promise<T> {
  const network = await TestNetwork.create(roles);
  try {
    return await body(network);
  } finally {
    await network.remove();
  }
}
