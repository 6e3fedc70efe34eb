import { spawn } from 'node:child_process';
import { waitFor } from '@novanet/testbed';

/** Prints every ARP frame that comes in, in hexadecimal. */
const SCRIPT = `
$| = 1;
socket(my $raw, 17, 3, 0x0608) or die $!; # AF_PACKET, SOCK_RAW, ARP in network order
print "ready\\n";
while (recv($raw, my $frame, 200, 0) || 1) { print unpack('H*', $frame), "\\n" }
`;

/** What a device of a segment is told by ARP. */
export class ArpListener {
  private text = '';

  private constructor(private readonly stop: () => void) {}

  static async start(netns: string): Promise<ArpListener> {
    const child = spawn('ip', ['netns', 'exec', netns, 'perl', '-e', SCRIPT], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const listener = new ArpListener(() => child.kill('SIGKILL'));
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => (listener.text += chunk));
    await waitFor(() => listener.text.startsWith('ready'), { limitMs: 5000, what: 'perl listens' });
    return listener;
  }

  /** Who said of themselves that they have the address, in order: `request 52:54:00:00:00:10`. */
  announcementsOf(address: string): string[] {
    const ip = address
      .split('.')
      .map((part) => Number(part).toString(16).padStart(2, '0'))
      .join('');
    return this.text.split('\n').flatMap((frame) => {
      const [, operation, mac = ''] =
        new RegExp(`^.{24}08060001080006040(00.)(.{12})${ip}.{12}${ip}`).exec(frame) ?? [];
      if (operation === undefined) return [];
      return [`${operation === '001' ? 'request' : 'reply'} ${mac.match(/../g)?.join(':')}`];
    });
  }

  close(): void {
    this.stop();
  }
}
