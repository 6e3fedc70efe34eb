/** Ours → nova's, where the program has another name here. */
const novaNames: ReadonlyMap<string, string> = new Map([['network-worker', 'nova-network']]);

/** The name by which nova's clients know the program. */
export function novaBinary(binary: string): string {
  return novaNames.get(binary) ?? binary;
}
