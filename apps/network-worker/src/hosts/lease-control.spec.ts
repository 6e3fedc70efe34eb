import { CommandFailed, type CommandRunner } from '@novanet/linux-net';
import { networkWith } from '@novanet/ipam/testing';
import { Ipv4, Ipv4Cidr, Mac, parseHostName } from '@novanet/net-address';
import { describe, expect, it } from 'vitest';
import { LeaseControl } from './lease-control.js';

const mac = Mac.ofNova(1);
const network = networkWith([Ipv4Cidr.parse('10.0.0.0/24')]);
const served = [{ network, dhcpServer: null, hosts: [], leases: [], draining: [] }];
const release = `dhcp_release br100 10.0.0.9 ${mac.toString()}`;

interface Host {
  readonly forceDhcpRelease?: boolean;
  readonly failure?: Error;
}

function controlOf({ forceDhcpRelease = true, failure }: Host) {
  const [ran, warned]: [string[], string[]] = [[], []];
  const runner: Pick<CommandRunner, 'run'> = {
    async run({ argv }) {
      ran.push(argv.join(' '));
      if (failure) throw failure;
      return { stdout: '', stderr: '', exitCode: 0 };
    },
  };
  const settings = { host: parseHostName('h1'), fakeNetwork: false, forceDhcpRelease };
  const log = { warn: (_: unknown, phrase?: string) => void warned.push(String(phrase)) };
  const control = new LeaseControl({ servedBy: async () => served }, settings, runner, log);
  return { control, ran, warned };
}

describe('a lease of nobody', () => {
  it.each([
    { name: 'is given up', address: '10.0.0.9', ran: [release] },
    {
      name: 'is left to expire without force_dhcp_release',
      address: '10.0.0.9',
      forceDhcpRelease: false,
      ran: [],
    },
    { name: 'of a network that is not served here is nobody’s business', address: '172.16.0.9', ran: [] },
  ])('$name', async ({ address, ran, ...host }) => {
    const here = controlOf(host);
    await here.control.endStray(Ipv4.parse(address), mac);
    expect(here).toMatchObject({ ran, warned: [] });
  });

  it('that cannot be given up is told, and holds up no other event', async () => {
    const here = controlOf({ failure: new CommandFailed(['dhcp_release'], 1, 'cannot setup interface') });
    await here.control.endStray(Ipv4.parse('10.0.0.9'), mac);
    expect(here).toMatchObject({ ran: [release], warned: ['a lease of nobody was not given up'] });
  });

  it('fails for any other reason, so that the event is told again', async () => {
    const here = controlOf({ failure: new Error('gone') });
    await expect(here.control.endStray(Ipv4.parse('10.0.0.9'), mac)).rejects.toThrow('gone');
  });
});
