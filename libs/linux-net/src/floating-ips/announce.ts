import type { Ipv4 } from '@novanet/net-address';
import type { CommandRunner } from '../commands/command-runner.js';

/** An address that a device answers for. */
export interface AnnouncedAddress {
  readonly address: Ipv4;
  readonly deviceIndex: number;
  readonly mac: string;
}

/**
 * Sends frames (lines of interface index and hexadecimal frame on stdin) through a raw socket, which Node does not have.
 * The first round is out when it ends; the others follow from a child, a second apart. arping needs a process and a
 * second for each address.
 */
const SENDER = `
my $rounds = shift;
my @frames = map { [split] } <STDIN>;
socket(my $raw, 17, 3, 0) or die "no raw socket: $!\\n"; # AF_PACKET, SOCK_RAW
sub send_all {
  my $error;
  for my $frame (@frames) {
    my $target = pack 'SnlSCCa8', 17, 0x0806, $frame->[0], 0, 0, 0, '';
    send($raw, pack('H*', $frame->[1]), 0, $target) or $error = "interface $frame->[0]: $!\\n";
  }
  return $error;
}
my $error = send_all();
die $error if $error;
exit if $rounds < 2 or fork;
close STDIN; close STDOUT; close STDERR;
for (2 .. $rounds) { sleep 1; send_all() }
`;

/**
 * Tells everybody on the segments that the addresses are here (RFC 5227, section 3), in both forms: some systems heed
 * only requests, some only replies. Resolves when each was told once. Throws CommandFailed.
 */
export async function announce(
  runner: CommandRunner,
  addresses: readonly AnnouncedAddress[],
  rounds: number,
): Promise<void> {
  const lines = addresses.flatMap((announced) =>
    (['request', 'reply'] as const).map(
      (form) => `${announced.deviceIndex} ${arpAnnouncement(announced, form)}\n`,
    ),
  );
  await runner.run({ argv: ['perl', '-e', SENDER, String(rounds)], stdin: lines.join('') });
}

/** A broadcast frame in hexadecimal: the address has this MAC, says the address itself. */
export function arpAnnouncement(
  { address, mac }: Pick<AnnouncedAddress, 'address' | 'mac'>,
  form: 'request' | 'reply',
): string {
  const ip = address.value.toString(16).padStart(8, '0');
  const hardware = mac.replaceAll(':', '');
  const [operation, target] = form === 'request' ? ['0001', '0'.repeat(12)] : ['0002', hardware];
  const ethernet = `${'f'.repeat(12)}${hardware}0806`;
  // Ethernet (6 bytes), IPv4 (4 bytes).
  const arp = `000108000604${operation}`;
  return `${ethernet}${arp}${hardware}${ip}${target}${ip}`;
}
