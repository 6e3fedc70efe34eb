/** A cell: what the API answered, null where it has nothing. */
export type Cell = string | number | boolean | null;

/** Aligned columns under a head line in capitals; "-" where there is nothing. */
export function renderTable(columns: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const lines = [columns.map((column) => column.toUpperCase()), ...rows.map((row) => row.map(cellText))];
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
export function renderFields(fields: Readonly<Record<string, Cell>>): string {
  const names = Object.keys(fields);
  const width = Math.max(0, ...names.map((name) => name.length));
  return names.map((name) => `${name.padEnd(width)}  ${cellText(fields[name] ?? null)}`).join('\n');
}

// A label may hold anything printable or not: what could move the cursor or break the line is shown as "?".
function cellText(cell: Cell): string {
  if (cell === null || cell === '') return '-';
  return String(cell).replace(/\p{C}/gu, '?');
}
