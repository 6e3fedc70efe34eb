import { describe, expect, it } from 'vitest';

import {
  collect,
  parseCidr,
  parseCount,
  parseKernel,
  parseManager,
  parsePair,
  parsePort,
  parsePorts,
  parseProtocol,
} from './parse.js';

describe('values on the command line', () => {
  it('are read', () => {
    expect(parsePort('5672')).toBe(5672);
    expect(parsePorts('80')).toEqual({ first: 80, last: 80 });
    expect(parsePorts('8000-8080')).toEqual({ first: 8000, last: 8080 });
    expect(parsePorts('8000:8080')).toEqual({ first: 8000, last: 8080 });
    expect(parseProtocol('TCP')).toBe('tcp');
    expect(parseCidr('198.51.100.0/24')).toBe('198.51.100.0/24');
    expect(parseCidr('198.51.100.7')).toBe('198.51.100.7/32');
    expect(parseCidr('::/0')).toBe('::/0');
    expect(parseCidr('fd00::1')).toBe('fd00::1/128');
    expect(parseCount('3')).toBe(3);
    expect(parseManager('flat')).toBe('flat');
    expect(parseManager('FlatDHCPManager')).toBe('flatdhcp');
    expect(parseManager('nova.network.manager.VlanManager')).toBe('vlan');
    expect(parseKernel('namespace')).toBe('namespace');
    expect(collect('b', ['a'])).toEqual(['a', 'b']);
    expect(parsePair('k=v=w', { a: 'b' })).toEqual({ a: 'b', k: 'v=w' });
  });

  it.each([
    { name: 'port 0', read: () => parsePort('0') },
    { name: 'port 65536', read: () => parsePort('65536') },
    { name: 'port in words', read: () => parsePort('http') },
    { name: 'ports in words', read: () => parsePorts('ssh') },
    { name: 'ports without an end', read: () => parsePorts('80-') },
    { name: 'ports backwards', read: () => parsePorts('90-80') },
    { name: 'three ports', read: () => parsePorts('1-2-3') },
    { name: 'no port at all', read: () => parsePorts('') },
    { name: 'an unknown protocol', read: () => parseProtocol('sctp') },
    { name: 'a protocol by number', read: () => parseProtocol('6') },
    { name: 'a name for a block', read: () => parseCidr('example.org') },
    { name: 'a block too small', read: () => parseCidr('10.0.0.0/33') },
    { name: 'a block without a length', read: () => parseCidr('10.0.0.0/') },
    { name: 'a block with two lengths', read: () => parseCidr('10.0.0.0/8/8') },
    { name: 'a block on an interface', read: () => parseCidr('fe80::1%eth0/64') },
    { name: 'no hosts', read: () => parseCount('0') },
    { name: 'half a host', read: () => parseCount('1.5') },
    { name: 'an unknown manager', read: () => parseManager('neutron') },
    { name: 'a manager of another module', read: () => parseManager('mine.VlanManager') },
    { name: 'metadata without a key', read: () => parsePair('=v', {}) },
    { name: 'kernels to come', read: () => parseKernel('uml') },
  ])('are refused: $name', ({ read }) => {
    expect(read).toThrow(expect.objectContaining({ code: 'commander.invalidArgument' }));
  });
});
