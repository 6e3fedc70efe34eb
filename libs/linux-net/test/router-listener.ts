import { waitFor } from '@novanet/testbed';
import { PerlListener } from './perl-listener.js';

/** Prints who sends each router advertisement that comes in, and for how long it is a router. */
const SCRIPT = `
$| = 1;
use Socket qw(inet_ntop);
socket(my $raw, 10, 3, 58) or die $!; # AF_INET6, SOCK_RAW, ICMPv6
print "ready\\n";
while (defined(my $sender = recv($raw, my $message, 2000, 0))) {
  next if ord($message) != 134;
  print inet_ntop(10, substr($sender, 8, 16)), ' ', unpack('x6 n', $message), "\\n";
}
`;

/** The routers that a machine hears of, each as often as it says something. */
export class RouterListener {
  private constructor(private readonly listener: PerlListener) {}

  static async start(netns: string): Promise<RouterListener> {
    return new RouterListener(await PerlListener.start(netns, SCRIPT));
  }

  /** All so far. */
  routers(): string[] {
    return [...new Set(this.messages().map(([router]) => router))];
  }

  /** Those that have said that they are no router any more. */
  farewells(): string[] {
    return this.messages().flatMap(([router, seconds]) => (seconds === '0' ? [router] : []));
  }

  private messages(): [string, string][] {
    return this.listener
      .lines()
      .map((line) => line.split(' '))
      .map(([router = '', seconds = '']) => [router, seconds]);
  }

  /** How much was heard so far. */
  get count(): number {
    return this.messages().length;
  }

  /** Returns when this router has said something, or something more. */
  async hears(router: string, count = 0): Promise<void> {
    const isHeard = () =>
      this.messages()
        .slice(count)
        .some(([speaker]) => speaker === router);
    await waitFor(isHeard, { limitMs: 15_000, what: `${router} is heard` });
  }

  close(): void {
    this.listener.close();
  }
}
