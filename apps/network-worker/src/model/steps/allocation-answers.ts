import type { NetworkInfo } from '@novanet/contracts';
import { expect } from 'vitest';
import type { CloudModel, ModelInstance } from '../cloud-model.js';
import type { ModelCloud } from '../testing/model-cloud.js';
import { hasIpv4, type Wish } from './allocation-rules.js';

/** The instance as it is from now on known to be. */
function enrol(
  model: CloudModel,
  { number, instanceHost }: Pick<Wish, 'number' | 'instanceHost'>,
): ModelInstance {
  const known = model.instances.get(number);
  const projectId = model.projectOf(number);
  const instance = known ?? { projectId, host: null, expectedOn: new Set(), nics: new Map() };
  instance.host = instanceHost ?? instance.host;
  model.instances.set(number, instance);
  return instance;
}

/** Takes the NICs and addresses of an answer over, if they are what could be given. */
export function takeOver(model: CloudModel, number: number, info: NetworkInfo, wish: Wish): void {
  const instance = enrol(model, wish);
  const isGiven = new Set<string>();
  for (const { network, address: wished } of wish.wanted) {
    network.host ??= network.isMultiHost ? null : wish.worker;
    if (wished !== null) isGiven.add(wished);
  }
  for (const vif of info) {
    const network = [...model.networks.values()].find(({ uuid }) => uuid === vif.network.id);
    if (!network) throw new Error(`an instance was given a NIC in ${vif.network.id}`);
    const isWanted = wish.wanted.some((one) => one.network === network);
    if (!instance.nics.has(network.place)) expect({ isWanted }).toEqual({ isWanted: true });
    if (!instance.nics.has(network.place)) instance.nics.set(network.place, vif.address);
    for (const { address: given } of vif.network.subnets[0].ips) {
      const own = given !== null && model.addresses.get(given);
      if (own && own.isAllocated && own.instance === number) continue;
      const isFree = model.free(network).includes(given ?? '') || (own && isGiven.has(given));
      expect({ given, isFree }).toEqual({ given, isFree: true });
      if (own) own.isAllocated = true;
      else
        model.addresses.set(given ?? '', {
          place: network.place,
          instance: number,
          isAllocated: true,
          lease: null,
        });
    }
  }
}

/** The answer names every NIC of the instance, with its addresses and where DHCP answers it. */
export async function checkInfo(
  model: CloudModel,
  cloud: ModelCloud,
  number: number,
  info: NetworkInfo,
): Promise<void> {
  const told = info.map((vif) => {
    const { ips, meta } = vif.network.subnets[0];
    const text = `${vif.address} ${ips.map((ip) => ip.address).join()}`;
    return [model.nameOf(vif.network.id), `${text} ${meta.dhcp_server ?? ''}`.trimEnd()];
  });
  const own = await cloud.rows<{ place: string; host: string; address: string }>(
    `SELECT n.label AS place, f.host, f.address FROM fixed_ips f JOIN subnets s ON s.id = f.subnet_id
       JOIN networks n ON n.id = s.network_id WHERE f.host IS NOT NULL`,
  );
  const instance = model.instances.get(number);
  const expected = [...(instance?.nics ?? [])].map(([place, mac]) => {
    const network = model.networks.get(place);
    const isShared = !network || !model.hasHostAddresses(network);
    const shared = network && hasIpv4(network) ? `10.0.${place}.1` : '';
    const hosts = own.find((row) => row.place === `n${place}` && row.host === instance?.host)?.address;
    return [
      `n${place}`,
      `${mac} ${model.held(number, place).join()} ${isShared ? shared : (hosts ?? '')}`.trimEnd(),
    ];
  });
  expect(Object.fromEntries(told)).toEqual(Object.fromEntries(expected));
}
