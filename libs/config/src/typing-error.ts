/** The name that `written` is probably a slip for: a letter or two, dashes, capitals. The nearest of several. */
export function nameMeant(written: string, names: readonly string[]): string | undefined {
  const plain = plainly(written);
  return names
    .map((name) => ({ name, distance: editDistance(plainly(name), plain) }))
    .filter(({ name, distance }) => distance <= (name.length < 8 ? 1 : 2))
    .sort((one, other) => one.distance - other.distance)[0]?.name;
}

function plainly(name: string): string {
  return name.toLowerCase().replaceAll('-', '_');
}

/** Levenshtein's: insertions, deletions and replacements that turn one text into the other. */
function editDistance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (const [index, letter] of one.split('').entries()) {
    const next = [index + 1];
    for (const [column, otherLetter] of other.split('').entries()) {
      const replaced = (row[column] ?? 0) + Number(letter !== otherLetter);
      next.push(Math.min(replaced, (row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1));
    }
    row = next;
  }
  return row[other.length] ?? 0;
}
