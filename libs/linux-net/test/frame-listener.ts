import { runCommand } from '@novanet/testbed';
import { PerlListener } from './perl-listener.js';

/** Prints every frame that comes in, in hexadecimal. */
const LISTEN = `
$| = 1;
socket(my $raw, 17, 3, 0x0300) or die $!; # AF_PACKET, SOCK_RAW, every protocol in network order
print "ready\\n";
while (recv($raw, my $frame, 2000, 0) || 1) { print unpack('H*', $frame), "\\n" }
`;

const SEND = `
my ($index, @frames) = @ARGV;
socket(my $raw, 17, 3, 0) or die $!;
my $target = pack 'SnlSCCa8', 17, 3, $index, 0, 0, 0, '';
send($raw, pack('H*', $_), 0, $target) or die $! for @frames;
`;

/** What a machine hears on its segment. */
export class FrameListener {
  private constructor(private readonly listener: PerlListener) {}

  static async start(netns: string): Promise<FrameListener> {
    return new FrameListener(await PerlListener.start(netns, LISTEN));
  }

  /** In hexadecimal, in the order in which they came. */
  frames(): string[] {
    return this.listener.lines();
  }

  close(): void {
    this.listener.close();
  }
}

/** Sends frames as they are: nothing is filled in or checked. */
export async function sendFrames(netns: string, device: string, frames: readonly string[]): Promise<void> {
  const index = (await runCommand(['cat', `/sys/class/net/${device}/ifindex`], { netns })).trim();
  await runCommand(['perl', '-e', SEND, index, ...frames], { netns });
}
