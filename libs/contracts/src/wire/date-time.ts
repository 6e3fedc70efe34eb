/** How Python's encoder writes a date inside plain data: `2016-03-01T12:00:00.000000`, UTC. */
export function plainDateTime(date: Date | null): string | null {
  return date && `${date.toISOString().slice(0, -1)}000`;
}

/** How a versioned object writes a date: `2016-03-01T12:00:00Z`. */
export function objectDateTime(date: Date | null): string | null {
  return date && `${date.toISOString().slice(0, 19)}Z`;
}
