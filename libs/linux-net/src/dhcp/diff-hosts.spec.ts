import { dhcpHost } from '@novanet/host-plan/testing';
import type { DhcpHostPlan } from '@novanet/host-plan';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { diffHosts, freshHosts, type HostsDiff } from './diff-hosts.js';

const A = 'fa:16:3e:00:00:01';
const B = 'fa:16:3e:00:00:02';

function planned(mac: string, address: string, name = 'vm'): DhcpHostPlan {
  const host = dhcpHost(mac, address, name);
  return { mac: host.mac, address: host.address, line: `${mac},${name}.novalocal,${address}` };
}

const wrote = (name: string, content: string) => ({ name, content: `${content}\n` });

describe('the difference of a hosts directory', () => {
  test.each([
    {
      name: 'nothing when it is as planned',
      files: { [A]: `${A},vm.novalocal,10.0.0.3\n` },
      hosts: [planned(A, '10.0.0.3')],
      expected: { removals: [], writes: [], needsReload: false },
    },
    {
      name: 'one file for a new host',
      files: {},
      hosts: [planned(A, '10.0.0.3')],
      expected: { removals: [], writes: [wrote(A, `${A},vm.novalocal,10.0.0.3`)], needsReload: false },
    },
    {
      name: 'an ignored MAC for a host that left, before the new hosts',
      files: { [A]: `${A},vm.novalocal,10.0.0.3\n` },
      hosts: [planned(B, '10.0.0.4')],
      expected: {
        removals: [],
        writes: [wrote(A, `${A},ignore # 10.0.0.3`), wrote(B, `${B},vm.novalocal,10.0.0.4`)],
        needsReload: false,
      },
    },
    {
      name: 'nothing more for a host that left before',
      files: { [A]: `${A},ignore # 10.0.0.3\n` },
      hosts: [],
      expected: { removals: [], writes: [], needsReload: false },
    },
    {
      name: 'a memory of the old address when a host has another one',
      files: { [A]: `${A},vm.novalocal,10.0.0.3\n` },
      hosts: [planned(A, '10.0.0.4')],
      expected: {
        removals: [],
        writes: [wrote(A, `${A},vm.novalocal,10.0.0.4 # 10.0.0.3`)],
        needsReload: false,
      },
    },
    {
      name: 'a reload when a new host gets the address of one that left long ago',
      files: { [A]: `${A},ignore # 10.0.0.3\n` },
      hosts: [planned(B, '10.0.0.3')],
      expected: { removals: [A], writes: [wrote(B, `${B},vm.novalocal,10.0.0.3`)], needsReload: true },
    },
    {
      name: 'a reload when a tagged host loses its tag, because its line has the same address',
      files: { [A]: `${A},set:nogw,vm.novalocal,10.0.0.3\n` },
      hosts: [planned(A, '10.0.0.3')],
      expected: { removals: [], writes: [wrote(A, `${A},vm.novalocal,10.0.0.3`)], needsReload: true },
    },
    {
      name: 'a memory of the address of a tagged host that left',
      files: { [A]: `${A},set:nogw,vm.novalocal,10.0.0.3\n` },
      hosts: [],
      expected: { removals: [], writes: [wrote(A, `${A},ignore # 10.0.0.3`)], needsReload: false },
    },
    {
      name: 'a reload when a host is renamed, because its line has the same address',
      files: { [A]: `${A},vm.novalocal,10.0.0.3\n`, [B]: `${B},vm.novalocal,10.0.0.4 # 10.0.0.5\n` },
      hosts: [planned(A, '10.0.0.3', 'new'), planned(B, '10.0.0.4')],
      expected: {
        removals: [],
        writes: [wrote(A, `${A},new.novalocal,10.0.0.3`), wrote(B, `${B},vm.novalocal,10.0.0.4`)],
        needsReload: true,
      },
    },
  ])('is $name', ({ files, hosts, expected }) => {
    expect(diffHosts(new Map(Object.entries(files)), hosts)).toEqual(expected);
  });

  test('is a reload when too many files are of hosts that left', () => {
    const left = (count: number) =>
      new Map(Array.from({ length: count }, (_, i) => [`mac${i}`, `mac${i},ignore # 10.0.0.1\n`]));
    expect(diffHosts(left(256), []).needsReload).toBe(false);
    expect(diffHosts(left(257), [])).toMatchObject({ needsReload: true, removals: { length: 257 } });
  });
});

/** dnsmasq 2.90's memory of its hosts directory. */
class Dnsmasq {
  private lines: string[] = [];
  readonly refused: string[] = [];

  constructor(private readonly files: Map<string, string>) {
    this.reload();
  }

  reload(): void {
    this.lines = [];
    this.refused.splice(0);
    for (const content of this.files.values()) this.read(content);
  }

  apply({ removals, writes }: HostsDiff): void {
    for (const name of removals) this.files.delete(name);
    for (const { name, content } of writes) {
      this.files.set(name, content);
      this.read(content);
    }
  }

  /** Each MAC with the address it is given: the newest line wins. */
  served(): string[] {
    const newest = new Map(this.lines.toReversed().map((line) => [line.split(',')[0], line]));
    return [...newest.values()].filter((line) => !line.endsWith(',ignore')).toSorted(byText);
  }

  private read(content: string): void {
    const line = content.split('#')[0]?.trim() ?? '';
    const address = line.split(',')[2];
    const isDuplicate = address !== undefined && this.lines.some((known) => known.split(',')[2] === address);
    if (isDuplicate) this.refused.push(line);
    else this.lines.unshift(line);
  }
}

const anyHosts = fc
  .uniqueArray(fc.tuple(fc.nat(5), fc.nat(5), fc.constantFrom('a', 'b')), { selector: ([mac]) => mac })
  .map((rows) => rows.filter(([, ip], i) => rows.findIndex(([, other]) => other === ip) === i))
  .map((rows) => rows.map(([mac, ip, name]) => planned(`fa:16:3e:00:00:0${mac}`, `10.0.0.${ip}`, name)));

test('whatever came before, dnsmasq serves exactly the planned hosts after each difference', () => {
  fc.assert(
    fc.property(fc.array(anyHosts, { maxLength: 12 }), (plans) => {
      const files = new Map<string, string>();
      const dnsmasq = new Dnsmasq(files);
      for (const hosts of plans) {
        const diff = diffHosts(new Map(files), hosts);
        dnsmasq.apply(diff);
        if (diff.needsReload) dnsmasq.reload();
        expect(dnsmasq.refused).toEqual([]);
        expect(dnsmasq.served()).toEqual(hosts.map(({ line }) => line).toSorted(byText));
        expect(diffHosts(new Map(files), hosts)).toEqual({ removals: [], writes: [], needsReload: false });
      }
    }),
  );
});

test('a fresh directory holds the planned hosts and nothing else', () => {
  const files = new Map([
    [A, `${A},ignore # 10.0.0.3\n`],
    [B, `${B},vm.novalocal,10.0.0.4 # 10.0.0.9\n`],
  ]);
  expect(freshHosts(files, [planned(B, '10.0.0.4')])).toEqual({
    removals: [A],
    writes: [wrote(B, `${B},vm.novalocal,10.0.0.4`)],
    needsReload: false,
  });
});

function byText(a: string, b: string): number {
  return a.localeCompare(b);
}
