import type { KernelHost } from '@novanet/testbed';

interface Device {
  readonly ifname: string;
  readonly address: string;
  readonly mtu: number;
  readonly ifalias?: string;
}

type Devices = ReadonlyMap<string, Device>;

/** The devices of a host, by name. */
export async function devicesOf(kernel: KernelHost): Promise<Devices> {
  const devices: Device[] = JSON.parse(await kernel.run(['ip', '-json', 'link', 'show']));
  return new Map(devices.map((device) => [device.ifname, device]));
}

export function macOf(devices: Devices, name: string): string {
  return devices.get(name)?.address ?? '';
}

export function mtuOf(devices: Devices, name: string): number {
  return devices.get(name)?.mtu ?? 0;
}

export function aliasOf(devices: Devices, name: string): string {
  return devices.get(name)?.ifalias ?? '';
}
