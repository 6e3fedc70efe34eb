import type { DhcpLease } from '@novanet/testbed';

/** What happened while the demo came up. */
export interface Account {
  readonly lab: string;
  readonly urls: { readonly amqp: string; readonly database: string; readonly api: string };
  readonly instance: {
    readonly name: string;
    readonly uuid: string;
    readonly host: string;
    readonly netns: string;
  };
  readonly nic: { readonly mac: string; readonly bridge: string; readonly tap: string };
  readonly lease: Pick<DhcpLease, 'address' | 'prefixLength' | 'routers' | 'leaseSeconds' | 'server'>;
  readonly metadata: { readonly instanceId: string; readonly hostname: string };
  readonly outside: { readonly address: string; readonly pingMs: string; readonly seenAs: string };
}

/** The account in words, for the terminal. */
export function describeAccount(account: Account, { isOnce }: { readonly isOnce: boolean }): string {
  const { instance, nic, lease, metadata, outside } = account;
  const story = [
    'What happened',
    `  address   instance ${instance.name} got ${lease.address}/${lease.prefixLength}: NIC ${nic.mac}, ${nic.tap} in ${nic.bridge} of ${instance.host}`,
    `  lease     by DHCP from ${lease.server}, for ${lease.leaseSeconds} s, router ${lease.routers.join(', ')}`,
    `  metadata  http://169.254.169.254 says that it is ${metadata.instanceId}, ${metadata.hostname}`,
    `  outside   ${outside.address} answers ping in ${outside.pingMs} ms, and sees the instance as ${outside.seenAs}`,
  ];
  return [...story, ...(isOnce ? [] : ['', ...howToTalk(account)])].join('\n');
}

function howToTalk({ lab, urls, instance, outside }: Account): string[] {
  const command = (words: string) => `  npm run lab -- ${words}`;
  return [
    'How to talk to it',
    `  AMQP      ${urls.amqp}  (oslo.messaging: exchange nova, topic network)`,
    `  API       ${urls.api}/v2.1/os-networks  (documentation: ${urls.api}/docs)`,
    `  database  ${urls.database}`,
    '',
    command(`exec --lab ${lab} ${instance.name} -- ping -c 1 ${outside.address}`),
    command(
      `exec --lab ${lab} ${instance.name} -- curl -s http://169.254.169.254/openstack/latest/meta_data.json`,
    ),
    command(`boot --lab ${lab} another`),
    command(`status --lab ${lab}`),
    `  npm run novanet -- --api-url ${urls.api} network list`,
    '',
    'Ctrl-C ends it and removes everything.',
  ];
}
