import { inNamespace, runCommand } from '@novanet/testbed';

/** Counts the DHCP packets that cross the cables between hosts. */
export class DhcpWireTap {
  private constructor(private readonly netns: string) {}

  /** @param netns where the switch is */
  static async on(netns: string): Promise<DhcpWireTap> {
    for (const port of ['--ip-destination-port', '--ip-source-port']) {
      const match = ['-p', 'IPv4', '--ip-protocol', 'udp', port, '67'];
      await runCommand(ebtables(netns, '-A', 'FORWARD', ...match, '-j', 'CONTINUE'));
    }
    return new DhcpWireTap(netns);
  }

  /** Frames, counted once per port that they leave by. */
  async counts(): Promise<{ readonly requests: number; readonly answers: number }> {
    const lines = (await runCommand(ebtables(this.netns, '-L', 'FORWARD', '--Lc'))).split('\n');
    const count = (port: string) =>
      Number(/pcnt = (\d+)/.exec(lines.find((line) => line.includes(port)) ?? '')?.[1]);
    return { requests: count('--ip-dport 67'), answers: count('--ip-sport 67') };
  }
}

/** The variant in Debian's package iptables. */
function ebtables(netns: string, ...words: readonly string[]): string[] {
  return inNamespace(netns, ['ebtables-nft', ...words]);
}
