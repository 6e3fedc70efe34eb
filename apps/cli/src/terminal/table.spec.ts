import { describe, expect, it } from 'vitest';
import { renderFields, renderTable } from './table.js';

describe('renderTable', () => {
  it('aligns columns under their names, without spaces at the ends of lines', () => {
    const text = renderTable(
      ['id', 'label', 'vlan', 'host'],
      [
        [1, 'private', 100, 'compute1'],
        [20, 'a', null, null],
      ],
    );
    expect(text).toBe(
      [
        'id  label    vlan  host', //
        '1   private  100   compute1',
        '20  a        -     -',
      ].join('\n'),
    );
  });

  it('shows the columns also when there is no row', () => {
    expect(renderTable(['host', 'state'], [])).toBe('host  state');
  });

  it('shows as "?" what would move the cursor', () => {
    expect(renderTable(['label'], [['a\u001b[2Jb\nc']])).toBe('label\na?[2Jb?c');
  });
});

describe('renderFields', () => {
  it('gives a line to each field', () => {
    expect(renderFields({ id: 'x', bridge_interface: null, multi_host: false, dns1: '' })).toBe(
      [
        'id                x', //
        'bridge_interface  -',
        'multi_host        false',
        'dns1              -',
      ].join('\n'),
    );
  });
});
