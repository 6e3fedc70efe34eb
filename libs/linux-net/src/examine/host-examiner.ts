import { type HostPlan, withFilters } from '@novanet/host-plan';
import { CommandFailed, type CommandRunner } from '../commands/command-runner.js';
import { DnsmasqSupervisor } from '../dhcp/dnsmasq-supervisor.js';
import { differsInNames } from '../dns/names-file.js';
import { IpSets } from '../firewall/address-sets.js';
import { Firewalls } from '../firewall/firewalls.js';
import { withoutBindings } from '../floating-ips/binding.js';
import { FloatingIps } from '../floating-ips/floating-ips.js';
import { portFinder } from '../links/instance-ports.js';
import { LinkKernel } from '../links/link-kernel.js';
import type { Links } from '../links/link.js';
import { Netlink } from '../netlink/netlink.js';
import { RadvdSupervisor } from '../radvd/radvd-supervisor.js';
import { readSysctls } from '../sysctl.js';
import { ExaminationSheet } from './examination-sheet.js';
import type { HostExamination } from './host-finding.js';
import { interfaceFindings } from './interface-findings.js';
import { leftoverFinding, linkFindings, problemFinding } from './link-findings.js';
import { VLAN_FILE, vlanModuleFindings } from './module-findings.js';
import { novaLeftovers } from './nova-leftovers.js';
import { reversePathFindings } from './reverse-path.js';
import { floatingIpFindings, ruleFindings, setFindings } from './rule-findings.js';
import { namesFinding, otherServers, serverFinding } from './server-findings.js';
import { settingFindings } from './setting-findings.js';
import { surplusServers } from './surplus-servers.js';

/**
 * Compares a host with its plan and changes nothing. What differs is what a converge would find, by the same code; besides
 * it looks at what no converge may touch. Causes come before consequences, and what hangs on a cause is not looked at.
 * It remembers nothing: each examination takes a new one.
 */
export class HostExaminer {
  private readonly sheet = new ExaminationSheet();

  /** @param links the host's own: they know whom a change would cut off */
  constructor(
    private readonly runner: CommandRunner,
    private readonly links: Pick<LinkKernel, 'differences'>,
  ) {}

  async examine(plan: HostPlan): Promise<HostExamination> {
    try {
      await this.look(plan);
    } catch (error) {
      if (!(error instanceof CommandFailed)) throw error;
      this.sheet.note('tools', [toolFinding(error)]);
    }
    return this.sheet.result;
  }

  private async look(plan: HostPlan): Promise<void> {
    const { sheet, runner } = this;
    const fresh = new LinkKernel(runner);
    const links = await fresh.read();
    sheet.note(
      'intent',
      plan.problems.map((problem) => problemFinding('intent', problem)),
    );
    sheet.note('interfaces', interfaceFindings(links, plan));
    sheet.note('modules', vlanModuleFindings(links, plan, await runner.readKernelFile(VLAN_FILE)));
    await this.lookAtFirewall(links, plan, fresh);
    await this.lookAtServers(links, plan);
  }

  /** Devices, settings, rules and what stands on them. */
  private async lookAtFirewall(links: Links, plan: HostPlan, fresh: LinkKernel): Promise<void> {
    const { sheet, runner } = this;
    const [firewalls, ipSets] = [new Firewalls(runner), new IpSets(runner)];
    const [rules, sets] = await Promise.all([firewalls.current(plan), ipSets.current(plan.filters.sets)]);
    const floatingIps = new FloatingIps(new Netlink(runner), fresh);
    const held = floatingIps.held(plan.networksPath, links, rules.ipv4);
    await this.lookAtDevices(withoutBindings(links, held), plan);
    sheet.note('settings', settingFindings(await readSysctls(runner, plan.sysctls), plan.sysctls));
    // Rules follow the ports of instances, which are in these devices.
    if (sheet.isClean('devices')) {
      const wanted = withFilters(plan, portFinder(links));
      sheet.note('rules', [
        ...setFindings(ipSets.differences(sets, plan.filters.sets)),
        ...ruleFindings(firewalls.differences(rules, wanted)),
      ]);
    }
    const { absent, surplus } = floatingIps.differences(held, links, plan);
    const known = absent.filter(({ device }) => !sheet.isSpoilt(device));
    sheet.note('floating IPs', floatingIpFindings(known, surplus));
    sheet.note('reverse path', await reversePathFindings(runner, plan));
  }

  private async lookAtDevices(links: Links, plan: HostPlan): Promise<void> {
    const { sheet } = this;
    const { leaving, vlans, planned } = await this.links.differences(links, plan);
    sheet.note('leftovers', [...leaving.map(leftoverFinding), ...novaLeftovers(links, plan)]);
    // What is left may hold the interface that a planned bridge needs.
    if (leaving.length > 0) return;
    const all = {
      groups: [...vlans.groups, ...planned.groups],
      problems: [...vlans.problems, ...planned.problems],
    };
    sheet.note(
      'devices',
      linkFindings(all, (device) => sheet.isSpoilt(device)),
    );
  }

  private async lookAtServers(links: Links, plan: HostPlan): Promise<void> {
    const { sheet, runner } = this;
    const [dnsmasqs, radvds] = [new DnsmasqSupervisor(runner), new RadvdSupervisor(runner)];
    const isSound = ({ device }: { readonly device: string }) => !sheet.isSpoilt(device);
    const servers = plan.dhcpServers.filter(isSound);
    const surplus = await surplusServers(runner, { dhcpServers: servers });
    const doubled = new Set(surplus.map(({ subject }) => subject));
    const found = await Promise.all(
      servers
        .filter(({ device }) => !doubled.has(device))
        .map(async (server) =>
          serverFinding('dhcp', server, await dnsmasqs.difference(server, links.get(server.device)?.index)),
        ),
    );
    const others = otherServers('dhcp', dnsmasqs.others(plan.networksPath, plan.dhcpServers));
    sheet.note('dhcp', [...surplus, ...found.flat(), ...others]);
    if (sheet.isClean('dhcp'))
      sheet.note('names', differsInNames(plan) ? [namesFinding(plan.names.path)] : []);
    sheet.note('router advertisements', [
      ...plan.routerAdvertisements
        .filter(isSound)
        .flatMap((one) => serverFinding('router advertisements', one, radvds.difference(one))),
      ...otherServers('router advertisements', radvds.others(plan)),
    ]);
  }
}

function toolFinding(error: CommandFailed) {
  return {
    check: 'tools',
    subject: error.argv[0] ?? '',
    problem: 'the host cannot be looked at',
    explanation: `${error.message}; nothing can be made right either. Install the program, or run as root`,
    command: undefined,
    isSafe: false,
  } as const;
}
