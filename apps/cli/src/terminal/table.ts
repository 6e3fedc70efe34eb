/** A cell: what the API answered, null where it has nothing. */
export type Cell = string | number | boolean | null;

/** Aligned columns under a head line; "-" where there is nothing. */
export function renderTable(columns: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const lines = [columns, ...rows.map((row) => row.map(cellText))];
  const widths = columns.map((_, index) => Math.max(...lines.map((line) => line[index]?.length ?? 0)));
  return lines
    .map((line) =>
      line
        .map((cell, index) => cell.padEnd(widths[index] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** One thing: a line per field. */
export function renderFields(fields: Readonly<Record<string, unknown>>): string {
  const names = Object.keys(fields);
  const width = Math.max(0, ...names.map((name) => name.length));
  return names.map((name) => `${name.padEnd(width)}  ${cellText(cellOf(fields[name]))}`).join('\n');
}

/** What stands in an answer as one cell: lists are written out. */
export function cellOf(value: unknown): Cell {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  if (Array.isArray(value)) return value.map((each) => cellOf(each) ?? '-').join(', ');
  return JSON.stringify(value);
}

function cellText(cell: Cell): string {
  return cell === null || cell === '' ? '-' : printable(String(cell));
}

/** A label or a name may hold anything: what could move the cursor or break the line is shown as "?". */
export function printable(text: string): string {
  return text.replace(/\p{C}/gu, '?');
}
