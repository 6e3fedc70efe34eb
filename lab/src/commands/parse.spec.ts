import { describe, expect, it } from 'vitest';

import { collect, parseCount, parseKernel, parseManager, parsePair, parsePort } from './parse.js';

describe('values on the command line', () => {
  it('are read', () => {
    expect(parsePort('5672')).toBe(5672);
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
