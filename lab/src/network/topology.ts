import {
  addNamespace,
  ipBatch,
  listNamespaces,
  removeNamespace,
  runCommand,
  setSysctls,
  tryCommand,
} from '@novanet/testbed';

import {
  flatBridges,
  type HostPlan,
  isNamespaceOf,
  type LabPlan,
  planLab,
  prefixLength,
} from '../plan/lab-plan.js';

/**
 * Makes the namespaces and the cables between them:
 *
 *     host eth0 ── public ──┐
 *     host eth1 ── data   ──┤ bridges in the switch's namespace
 *     host eth2 ── data2  ──┤
 *     host mgmt0 ─ mgmt   ──┘
 *     outside eth0 ── public
 *
 * Nothing is made in the namespace of the machine itself.
 *
 * @param folder of the lab; written on the switch, see {@link folderOfTopology}
 */
export async function buildTopology(plan: LabPlan, folder: string): Promise<void> {
  await buildSwitch(plan, folder);
  await buildOutside(plan);
  for (const [index, host] of plan.hosts.entries()) await buildHost(plan, host, index + 1);
}

const bridges = ['public', ...flatBridges.map(({ segment }) => segment), 'mgmt'];

/** The folder of the lab whose namespaces stand; undefined when there are none. */
export async function folderOfTopology(lab: string): Promise<string | undefined> {
  const { netns } = planLab(lab, 1).switch;
  const { exitCode, stdout } = await tryCommand(['ip', '-json', '-netns', netns, 'link', 'show', 'lo']);
  if (exitCode !== 0) return undefined;
  const [loopback]: { ifalias?: string }[] = JSON.parse(stdout);
  return loopback?.ifalias;
}

/** The kernel keeps this much of an alias. */
const maxAlias = 255;

async function buildSwitch(plan: LabPlan, folder: string): Promise<void> {
  const { netns, managementAddress } = plan.switch;
  await addNamespace(netns);
  await runCommand(['ip', '-netns', netns, 'link', 'set', 'lo', 'alias', folder.slice(0, maxAlias)]);
  await ipBatch(netns, [
    // Snooping would hold back frames until it has learned who listens.
    ...bridges.flatMap((name) => [`link add ${name} type bridge mcast_snooping 0`, `link set ${name} up`]),
    `addr add ${managementAddress}/${prefixLength} dev mgmt`,
  ]);
}

async function buildOutside(plan: LabPlan): Promise<void> {
  const { netns, router, address } = plan.outside;
  await addNamespace(netns);
  await plugIn(plan, 'public', 'outside', netns, 'eth0');
  await ipBatch(netns, [
    'link set eth0 up',
    `addr add ${router}/${prefixLength} dev eth0`,
    `addr add ${address}/32 dev lo`,
  ]);
}

async function buildHost(plan: LabPlan, host: HostPlan, number: number): Promise<void> {
  await addNamespace(host.netns);
  await plugIn(plan, 'public', `public${number}`, host.netns, 'eth0');
  for (const { segment, port } of flatBridges) {
    await plugIn(plan, segment, `${segment}-${number}`, host.netns, port);
  }
  await plugIn(plan, 'mgmt', `mgmt${number}`, host.netns, 'mgmt0');
  await ipBatch(host.netns, [
    'link set eth0 up',
    ...flatBridges.map(({ port }) => `link set ${port} up`),
    'link set mgmt0 up',
    `addr add ${host.publicAddress}/${prefixLength} dev eth0`,
    `addr add ${host.managementAddress}/${prefixLength} dev mgmt0`,
    `route add default via ${plan.outside.router}`,
  ]);
  // A host of the cloud is what its services make of it; forwarding is theirs to switch on.
  await setSysctls(host.netns, { 'net.ipv4.ip_forward': 0 });
}

/** What an operator of flat networks does: nobody else makes their bridges. */
export async function buildFlatBridges({ hosts }: LabPlan): Promise<void> {
  for (const { netns } of hosts) {
    await ipBatch(
      netns,
      flatBridges.flatMap(({ bridge, port }) => [
        `link add ${bridge} type bridge`,
        `link set ${bridge} up`,
        `link set ${port} master ${bridge}`,
      ]),
    );
  }
}

/** Lays a cable from a port of one of the switch's bridges to a device in another namespace. */
async function plugIn(
  plan: LabPlan,
  bridge: string,
  port: string,
  netns: string,
  device: string,
): Promise<void> {
  await ipBatch(plan.switch.netns, [
    `link add ${port} type veth peer name ${device} netns ${netns}`,
    `link set ${port} master ${bridge} up`,
  ]);
}

/** Kills everything that runs in the lab's namespaces and removes them, whatever the lab's size was. */
export async function removeTopology(lab: string): Promise<void> {
  const ours = (await listNamespaces()).filter((netns) => isNamespaceOf(lab, netns));
  await Promise.all(ours.map(removeNamespace));
}
