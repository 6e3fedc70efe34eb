import type { Ipv4 } from '@novanet/net-address';

/** An address on a device. */
export interface Place {
  readonly address: Ipv4 | string;
  readonly device: string;
}

/** Things by their place, without a text for each of a thousand places to be put together for each look. */
export class ByPlace<At extends Place> {
  private readonly devices = new Map<string, Map<string, At>>();

  constructor(all: readonly At[]) {
    for (const one of all) this.on(one.device).set(one.address.toString(), one);
  }

  at({ address, device }: Place): At | undefined {
    return this.devices.get(device)?.get(address.toString());
  }

  private on(device: string): Map<string, At> {
    const own = this.devices.get(device) ?? new Map<string, At>();
    this.devices.set(device, own);
    return own;
  }
}
