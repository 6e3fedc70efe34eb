import { instanceDict, type InstanceDict } from '@novanet/contracts';
import type { Instance, Nic } from '@novanet/ipam';

/** An instance as the REST interface shows it: what was registered, and the addresses it holds. */
export type InstanceView = InstanceDict & { readonly addresses: readonly AddressView[] };

interface AddressView {
  readonly network_id: string;
  readonly network_label: string;
  readonly mac: string;
  readonly address: string;
  readonly version: 4 | 6;
}

export function instanceView(instance: Instance, nics: readonly Nic[]): InstanceView {
  const addresses = nics.flatMap(({ vif, network, fixedIps }) =>
    fixedIps.map(({ address }) => ({
      network_id: network.uuid,
      network_label: network.label,
      mac: vif.mac.toString(),
      address: address.toString(),
      version: address.version,
    })),
  );
  return { ...instanceDict(instance), addresses };
}
