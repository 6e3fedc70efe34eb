import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { waitFor } from '@novanet/testbed';

/** Answers each line by itself, under the name of another program, and takes one connection. */
const SERVER = `
use IO::Socket::IP;
my ($name, $port) = @ARGV;
$0 = $name;
$| = 1;
my $listener = IO::Socket::IP->new(LocalHost => '::', V6Only => 0, LocalPort => $port, Listen => 1, ReuseAddr => 1) or die "$@ $!";
print "ready\\n";
my $peer = $listener->accept or die $!;
while (my $line = <$peer>) { print $peer $line; $peer->flush }
`;

/** Sends what it is told, a line at a time, and says what it gets. */
const CLIENT = `
use IO::Socket::IP;
$| = 1;
my ($name, $address, $port, $own) = @ARGV;
$0 = $name;
my $socket = IO::Socket::IP->new(PeerHost => $address, PeerPort => $port, Timeout => 5, $own ? (LocalHost => $own) : ()) or die "$@ $!";
print "ready\\n";
while (my $line = <STDIN>) { print $socket $line; $socket->flush; print scalar <$socket> }
`;

/** Where a session goes from and to. */
export interface SessionEnds {
  readonly client: string;
  readonly server: string;
  /** Of the server. */
  readonly address: string;
  readonly port: number;
  /** What the server's process is called. */
  readonly program?: string;
  /** And the client's. */
  readonly clientProgram?: string;
  /** The client's address, if it has several. */
  readonly from?: string;
}

/** A TCP connection between two namespaces that stays. */
export class TcpSession {
  private exchanges = 0;
  private heard = '';

  private constructor(
    private readonly server: ChildProcessWithoutNullStreams,
    private readonly client: ChildProcessWithoutNullStreams,
  ) {
    client.stdout.setEncoding('utf8').on('data', (chunk: string) => (this.heard += chunk));
  }

  static async open(ends: SessionEnds): Promise<TcpSession> {
    const { client, server, address, port, program = 'perl', clientProgram = 'perl', from = '' } = ends;
    const listener = perlIn(server, SERVER, [program, String(port)]);
    await once(listener.stdout, 'data');
    const session = new TcpSession(
      listener,
      perlIn(client, CLIENT, [clientProgram, address, String(port), from]),
    );
    await waitFor(() => session.heard.startsWith('ready'), { limitMs: 8000, what: 'a connection' });
    return session;
  }

  /** Whether a line comes back, in this time. */
  async answers(limitMs = 8000): Promise<boolean> {
    this.exchanges += 1;
    const line = `line ${this.exchanges}\n`;
    this.client.stdin.write(line);
    return waitFor(() => this.heard.includes(line), { limitMs, what: 'an answer' }).then(
      () => true,
      () => false,
    );
  }

  close(): void {
    this.client.kill('SIGKILL');
    this.server.kill('SIGKILL');
  }
}

function perlIn(netns: string, script: string, args: readonly string[]): ChildProcessWithoutNullStreams {
  const child = spawn('ip', ['netns', 'exec', netns, 'perl', '-e', script, ...args]);
  child.stderr.pipe(process.stderr, { end: false });
  return child;
}
