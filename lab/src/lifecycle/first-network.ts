import { CloudApi } from '../cloud/api.js';
import { FloatingIps } from '../cloud/floating-ips.js';
import { MessageBus } from '../cloud/message-bus.js';
import { flatBridges, floatingRange } from '../plan/lab-plan.js';
import type { OpenLab } from '../state/open-lab.js';
import type { Progress } from '../terminal/progress.js';

const label = 'private';
const cidr = '10.0.0.0/24';

/** What every lab has that was not started with --no-network: a network, and addresses that reach it from outside. */
export async function createFirstNetwork(
  { state: { cloud }, urls }: OpenLab,
  progress: Progress,
): Promise<void> {
  const [{ bridge, port }] = flatBridges;
  // VlanManager names the bridge after the VLAN.
  const place = { bridge_interface: port, ...(cloud.manager !== 'vlan' && { bridge }) };
  await progress.step(`network ${label} ${cidr} on ${bridge}`, () =>
    new CloudApi(urls.api).createNetwork({ label, cidr, multi_host: cloud.multiHost, ...place }),
  );
  // nova: FlatManager knows no floating IPs.
  if (cloud.manager === 'flat') return;
  await progress.step(`floating IPs ${floatingRange}`, () =>
    MessageBus.with(urls.amqp, (bus) => new FloatingIps(bus).growPool(floatingRange)),
  );
}
