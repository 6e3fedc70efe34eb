import { connect } from 'node:net';
import type { Settings } from '@novanet/config';
import type { HostPlan } from '@novanet/host-plan';
import type { HostFinding } from '@novanet/linux-net';

const ANSWER_MS = 2000;

/** Whether somebody answers where this host sends its instances' questions about themselves. */
export async function metadataFindings(
  { metadataHost, metadataPort }: Pick<Settings, 'metadataHost' | 'metadataPort'>,
  { bridges }: Pick<HostPlan, 'bridges'>,
): Promise<HostFinding[]> {
  if (bridges.length === 0) return [];
  const refusal = await refusalOf(metadataHost.toString(), metadataPort);
  if (refusal === undefined) return [];
  return [
    {
      check: 'metadata',
      subject: `${metadataHost.toString()}:${metadataPort}`,
      problem: 'no metadata service answers',
      explanation:
        `instances are not told who they are, nor their keys (${refusal}): start the metadata service there, or set ` +
        'metadata_host and metadata_port to where it is',
      command: 'node apps/metadata/dist/main.js --config-file /etc/nova/nova.conf',
      isSafe: false,
    },
  ];
}

/** Undefined: it answers. */
function refusalOf(host: string, port: number): Promise<string | undefined> {
  const { promise, resolve } = Promise.withResolvers<string | undefined>();
  const socket = connect({ host, port, timeout: ANSWER_MS });
  socket.on('connect', () => resolve(undefined));
  socket.on('timeout', () => resolve('no answer in time'));
  socket.on('error', (error) => resolve(error.message));
  return promise.finally(() => socket.destroy());
}
