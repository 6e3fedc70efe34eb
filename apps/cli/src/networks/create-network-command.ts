import type { Command } from 'commander';
import type { CommandTools } from '../run-cli.js';
import { renderFields } from '../table.js';
import { cidrOption, ipOption, numberOption } from './option-values.js';

/** Options as commander names them. */
interface CreateOptions {
  readonly cidr?: string;
  readonly cidrV6?: string;
  readonly bridge?: string;
  readonly bridgeInterface?: string;
  readonly gateway?: string;
  readonly gatewayV6?: string;
  readonly dns1?: string;
  readonly dns2?: string;
  readonly multiHost?: boolean;
  readonly vlan?: number;
  readonly project?: string;
  readonly fixedCidr?: string;
  readonly allowedStart?: string;
  readonly allowedEnd?: string;
  readonly mtu?: number;
  readonly dhcpServer?: string;
}

const examples = `
Examples:
  novanet network create private --cidr 10.0.0.0/24 --bridge br100 --bridge-interface eth1
  novanet network create web --cidr 10.1.0.0/16 --bridge br101 --multi-host --allowed-start 10.1.1.0
  novanet network create team-a --cidr 10.2.0.0/24 --vlan 120 --project 7c0ce0b51c8b4b6d

What is not given is decided by the network workers' configuration.`;

/** Adds `novanet network create`. */
export function createNetworkCommand(network: Command, tools: CommandTools): void {
  network
    .command('create')
    .description('create a network and print it')
    .argument('<label>', 'its name; need not be unique')
    .option('--cidr <range>', 'IPv4 range, 10.0.0.0/24', cidrOption(4))
    .option('--cidr-v6 <range>', 'IPv6 range, fd00:1::/64', cidrOption(6))
    .option('--bridge <name>', 'bridge on every host, br100')
    .option('--bridge-interface <name>', 'interface of the host that goes into the bridge, eth1')
    .option('--gateway <address>', 'default: the first usable address', ipOption(4))
    .option('--gateway-v6 <address>', 'default: the first address', ipOption(6))
    .option('--dns1 <address>', 'name server for the instances', ipOption(4))
    .option('--dns2 <address>', 'second name server', ipOption(4))
    .option('--multi-host', 'each host is gateway and DHCP server of its own instances')
    .option('--no-multi-host', 'one host is gateway and DHCP server of all')
    .option('--vlan <id>', 'VLAN id, 1 to 4094', numberOption({ min: 1, max: 4094 }))
    .option('--project <id>', 'give the network to this project')
    .option('--fixed-cidr <range>', 'hand out only addresses in this part of the range', cidrOption(4))
    .option('--allowed-start <address>', 'first address to hand out', ipOption(4))
    .option('--allowed-end <address>', 'last address to hand out', ipOption(4))
    .option('--mtu <bytes>', 'MTU of the bridge and the instances', numberOption({ min: 68, max: 65_535 }))
    .option('--dhcp-server <address>', 'default: the gateway', ipOption(4))
    .addHelpText('after', examples)
    .action(async (label: string, options: CreateOptions, command: Command) => {
      if (!options.cidr && !options.cidrV6)
        command.error("error: required option '--cidr <range>' not specified");
      const created = await tools.api().createNetwork(createRequest(label, options));
      tools.answer(created, renderFields(created));
      if (options.vlan !== undefined && created['vlan'] !== options.vlan) {
        tools.warn(
          `warning: the network is not on VLAN ${options.vlan}; the workers' network manager decides that.`,
        );
      }
    });
}

/** The API's `network` object: only what was given, under nova's names. */
function createRequest(label: string, options: CreateOptions): Record<string, unknown> {
  const request = {
    label,
    cidr: options.cidr,
    cidr_v6: options.cidrV6,
    bridge: options.bridge,
    bridge_interface: options.bridgeInterface,
    gateway: options.gateway,
    gateway_v6: options.gatewayV6,
    dns1: options.dns1,
    dns2: options.dns2,
    multi_host: options.multiHost,
    vlan: options.vlan,
    project_id: options.project,
    fixed_cidr: options.fixedCidr,
    allowed_start: options.allowedStart,
    allowed_end: options.allowedEnd,
    mtu: options.mtu,
    dhcp_server: options.dhcpServer,
  };
  return Object.fromEntries(Object.entries(request).filter(([, value]) => value !== undefined));
}
