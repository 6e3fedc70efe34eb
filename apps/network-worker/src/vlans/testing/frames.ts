import { join } from 'node:path';
import { BackgroundProcess, runCommand } from '@novanet/testbed';

/** One frame on a wire, as tcpdump tells it. */
export interface Frame {
  readonly from: string;
  readonly to: string;
  /** Undefined: it has no tag. */
  readonly vlan: number | undefined;
  readonly content: string;
}

/** All frames that pass a port of the switch, in both directions, while the body runs. */
export async function framesDuring(
  { netns, port, folder }: { readonly netns: string; readonly port: string; readonly folder: string },
  body: () => Promise<void>,
): Promise<Frame[]> {
  const file = join(folder, `${port}.pcap`);
  const tcpdump = new BackgroundProcess({
    name: `tcpdump-${port}`,
    directory: folder,
    netns,
    argv: ['tcpdump', '-U', '--immediate-mode', '-Z', 'root', '-i', port, '-w', file],
  });
  await tcpdump.start();
  try {
    await tcpdump.waitUntil(async () => tcpdump.lastLogLines().includes('listening on'), 20_000);
    await body();
  } finally {
    await tcpdump.stop();
  }
  return (await runCommand(['tcpdump', '-r', file, '-n', '-e', '-t'])).split('\n').flatMap(parseFrame);
}

function parseFrame(line: string): Frame[] {
  const [, from, to, content] = /^(\S+) > (\S+), (.*)$/.exec(line) ?? [];
  if (from === undefined || to === undefined || content === undefined) return [];
  const tag = /^ethertype 802\.1Q .*? vlan (\d+),/.exec(content)?.[1];
  return [{ from, to, vlan: tag === undefined ? undefined : Number(tag), content }];
}
