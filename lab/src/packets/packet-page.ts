import { modes, openedPorts, packetRows, places, type PacketRow } from './packet-rows.js';

const START = '<!-- packets -->';
const END = '<!-- /packets -->';

/** The page with the table of packets as it is tested now. Throws when the page has no place for it. */
export function withPacketTable(page: string): string {
  const [before, rest] = page.split(START);
  const [, after] = rest?.split(END) ?? [];
  if (before === undefined || after === undefined) throw new Error(`the page has no ${START} … ${END}`);
  return `${before}${START}\n\n${packetTable()}\n\n${END}${after}`;
}

function packetTable(): string {
  const names = modes.map(({ name }) => name);
  const rows = packetRows.map((row) => [
    places[row.from],
    places[row.to],
    row.packet,
    ...cellsOf(row),
    row.why,
  ]);
  return [
    `The group \`default\` of these clouds lets in ${openedPorts.map(describeRule).join(' and ')}.`,
    '',
    ...tableLines([['from', 'to', 'packet', ...names, 'because'], ...rows]),
  ].join('\n');
}

/** As prettier sets it: the page is checked by both. */
function tableLines([head = [], ...rows]: readonly (readonly string[])[]): string[] {
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)];
}

function cellsOf({ arrives }: PacketRow): string[] {
  return modes.map(({ mode }) => {
    const expected = arrives[mode];
    if (expected === undefined) return '';
    return expected ? 'arrives' : 'dropped';
  });
}

function describeRule([protocol = '', ...rest]: readonly string[]): string {
  const [first, source] = rest;
  return first === '--from' ? `\`${protocol}\` from ${source}` : `\`${[protocol, ...rest].join(' ')}\``;
}
