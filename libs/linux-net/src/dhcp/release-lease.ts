import type { DeviceName, Ipv4, Mac } from '@novanet/net-address';
import type { CommandRunner } from '../commands/command-runner.js';

/**
 * Makes the dnsmasq on the device give up a lease, as if the instance had released it: the lease script is told `del`.
 * A lease that dnsmasq does not have changes nothing. Throws CommandFailed when dhcp_release is missing or fails.
 */
export async function releaseLease(
  runner: Pick<CommandRunner, 'run'>,
  device: DeviceName,
  { mac, address }: { readonly mac: Mac; readonly address: Ipv4 },
): Promise<void> {
  await runner.run({ argv: ['dhcp_release', device, address.toString(), mac.toString()] });
}
