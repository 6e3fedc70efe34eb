import { NetworkHostUnavailable, type FloatingIp, type FloatingIpChange } from '@novanet/ipam';
import { Ipv4, parseHostName, type HostName } from '@novanet/net-address';
import { describe, expect, it } from 'vitest';
import { NetworkHosts, type CarriedFloatingIp } from '../hosts/network-hosts.port.js';
import { FloatingIpHandover } from './floating-ip-handover.js';

/** Everything that happened, in its order. */
class Journal extends NetworkHosts {
  override readonly self = parseHostName('h1');
  readonly lines: string[] = [];
  /** What goes wrong: "h1 carries 10.0.0.1". */
  readonly failing = new Map<string, Error>();
  /** The instances that others see under other addresses. */
  readonly seenAnew = new Set<string>();
  isUndone = true;

  override async requireUp(): Promise<void> {}
  override async refreshSelf(): Promise<void> {}
  override async setUp(): Promise<void> {}
  override async tearDown(): Promise<void> {}
  override carryFloatingIp(host: HostName, { fixedAddress }: CarriedFloatingIp): Promise<void> {
    return this.write(`${host} carries ${fixedAddress.toString()}`);
  }
  override dropFloatingIp(host: HostName, { fixedAddress }: CarriedFloatingIp): Promise<void> {
    return this.write(`${host} drops ${fixedAddress.toString()}`);
  }
  async undo({ before }: FloatingIpChange): Promise<boolean> {
    await this.write(`back to ${before.association?.fixedAddress.toString() ?? 'nothing'}`);
    return this.isUndone;
  }
  private async write(line: string): Promise<void> {
    this.lines.push(line);
    const failure = this.failing.get(line);
    if (failure) throw failure;
  }
}

/** "10.0.0.1 on h1", or nothing. */
function floatingIp(state: string, revision: string): FloatingIp {
  const [fixed, host] = state.split(' on ');
  const instanceUuid = `instance of ${fixed}`;
  return {
    id: 1,
    address: Ipv4.parse('203.0.113.1'),
    pool: 'nova',
    interface: null,
    projectId: 'p1',
    isAutoAssigned: false,
    host: host === undefined ? null : parseHostName(host),
    association:
      fixed === ''
        ? null
        : { fixedIpId: 1, fixedAddress: Ipv4.parse(fixed ?? ''), instanceUuid, networkId: 1 },
    revision,
    createdAt: new Date(0),
    updatedAt: null,
  };
}

async function handOver(journal: Journal, [from, to]: readonly [string, string]): Promise<unknown> {
  const problems: string[] = [];
  const onProblem = (_: FloatingIp, host: HostName) => void problems.push(host);
  const change = { before: floatingIp(from, '1'), after: floatingIp(to, from === to ? '1' : '2') };
  const securityGroups = { floatingIpsChanged: async (uuid: string) => void journal.seenAnew.add(uuid) };
  const outcome = await new FloatingIpHandover(journal, journal, onProblem, securityGroups)
    .complete(change)
    .then(() => 'done', String);
  return { outcome, happened: journal.lines, problems };
}

const down = new NetworkHostUnavailable('h9', 'down');

describe('a floating IP handed over', () => {
  it.each([
    {
      name: 'from nobody',
      way: ['', '10.0.0.1 on h1'],
      happened: ['h1 carries 10.0.0.1'],
    },
    {
      name: 'to another host is given up by the old one after the new one has it',
      way: ['10.0.0.1 on h1', '10.0.0.2 on h2'],
      happened: ['h2 carries 10.0.0.2', 'h1 drops 10.0.0.1'],
    },
    {
      name: 'to another instance of the same host is one step',
      way: ['10.0.0.1 on h1', '10.0.0.2 on h1'],
      happened: ['h1 carries 10.0.0.2'],
    },
    {
      name: 'to nobody',
      way: ['10.0.0.1 on h1', '10.0.0.1'],
      happened: ['h1 drops 10.0.0.1'],
    },
  ] as const)('$name', async ({ way, happened }) => {
    expect(await handOver(new Journal(), way)).toEqual({
      outcome: 'done',
      happened,
      problems: [],
    });
  });

  it('makes known that both instances are seen under other addresses', async () => {
    const journal = new Journal();
    await handOver(journal, ['10.0.0.1 on h1', '10.0.0.2 on h2']);
    expect([...journal.seenAnew]).toEqual(['instance of 10.0.0.1', 'instance of 10.0.0.2']);
  });

  it('is handed over although the old host is down', async () => {
    const journal = new Journal();
    journal.failing.set('h1 drops 10.0.0.1', down);
    expect(await handOver(journal, ['10.0.0.1 on h1', '10.0.0.2 on h2'])).toEqual({
      outcome: 'done',
      happened: ['h2 carries 10.0.0.2', 'h1 drops 10.0.0.1'],
      problems: ['h1'],
    });
  });
});

describe('a handover that fails', () => {
  const failed = (line: string) => {
    const journal = new Journal();
    journal.failing.set(line, new Error('no kernel'));
    return journal;
  };

  it.each([
    {
      name: 'leaves the old host with the address',
      way: ['10.0.0.1 on h1', '10.0.0.2 on h2'],
      happened: ['h2 carries 10.0.0.2', 'back to 10.0.0.1', 'h2 drops 10.0.0.2'],
    },
    {
      name: 'brings back what the host carried before',
      way: ['10.0.0.1 on h2', '10.0.0.2 on h2'],
      happened: ['h2 carries 10.0.0.2', 'back to 10.0.0.1', 'h2 carries 10.0.0.1'],
    },
    {
      name: 'leaves it with nobody where nobody had it',
      way: ['', '10.0.0.2 on h2'],
      happened: ['h2 carries 10.0.0.2', 'back to nothing', 'h2 drops 10.0.0.2'],
    },
    {
      name: 'undoes nothing where nothing was changed',
      way: ['10.0.0.2 on h2', '10.0.0.2 on h2'],
      happened: ['h2 carries 10.0.0.2'],
    },
  ] as const)('$name', async ({ way, happened }) => {
    const journal = failed('h2 carries 10.0.0.2');
    expect(await handOver(journal, way)).toEqual({
      outcome: 'Error: no kernel',
      happened,
      problems: [],
    });
  });

  it('touches no host when somebody else has changed the address since', async () => {
    const journal = failed('h2 carries 10.0.0.2');
    journal.isUndone = false;
    expect(await handOver(journal, ['10.0.0.1 on h2', '10.0.0.2 on h2'])).toEqual({
      outcome: 'Error: no kernel',
      happened: ['h2 carries 10.0.0.2', 'back to 10.0.0.1'],
      problems: [],
    });
  });

  it('says why, even if the host cannot go back either', async () => {
    const journal = failed('h2 carries 10.0.0.2');
    journal.failing.set('h2 carries 10.0.0.1', down);
    expect(await handOver(journal, ['10.0.0.1 on h2', '10.0.0.2 on h2'])).toMatchObject({
      outcome: 'Error: no kernel',
      problems: ['h2'],
    });
  });
});
