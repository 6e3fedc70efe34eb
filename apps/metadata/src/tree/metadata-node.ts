/** A file or a folder of the tree that instances read. */
export type MetadataNode = Leaf | Folder;

export interface Leaf {
  readonly kind: 'leaf';
  readonly contentType: 'text/plain; charset=UTF-8' | 'application/json';
  readonly content: () => string | Buffer;
}

export interface Folder {
  readonly kind: 'folder';
  readonly entries: ReadonlyMap<string, MetadataNode>;
  /** How the folder above lists this one; `name/` if not said. */
  readonly label?: string;
}

/** What a request for a node is answered with. */
export interface MetadataAnswer {
  readonly contentType: Leaf['contentType'];
  readonly body: Buffer;
}

/** A text file. A list has one item per line; what is not known reads `None`, as in Python. */
export function textLeaf(value: string | Buffer | number | null | readonly string[]): Leaf {
  const content = typeof value === 'string' || Buffer.isBuffer(value) ? value : textOf(value);
  return { kind: 'leaf', contentType: 'text/plain; charset=UTF-8', content: () => content };
}

/** Entries that are undefined are left out. */
export function folder(entries: Readonly<Record<string, MetadataNode | undefined>>, label?: string): Folder {
  const present = Object.entries(entries).flatMap(([name, node]) => (node ? [[name, node] as const] : []));
  return { kind: 'folder', entries: new Map(present), ...(label === undefined ? {} : { label }) };
}

/** Undefined: there is no such node, or what should be a folder is a file. */
export function findNode(root: Folder, names: readonly string[]): MetadataNode | undefined {
  let node: MetadataNode | undefined = root;
  for (const name of names) node = node?.kind === 'folder' ? node.entries.get(name) : undefined;
  return node;
}

/** A folder's answer is its listing: sorted, one entry per line, no line feed at the end. */
export function answerOf(node: MetadataNode): MetadataAnswer {
  if (node.kind === 'leaf') return { contentType: node.contentType, body: Buffer.from(node.content()) };
  const lines = [...node.entries.keys()].sort().map((name) => listed(name, node.entries.get(name)));
  return { contentType: 'text/plain; charset=UTF-8', body: Buffer.from(lines.join('\n')) };
}

function listed(name: string, node: MetadataNode | undefined): string {
  return node?.kind === 'folder' ? (node.label ?? `${name}/`) : name;
}

function textOf(value: number | null | readonly string[]): string {
  if (value === null) return 'None';
  return typeof value === 'number' ? String(value) : value.join('\n');
}
