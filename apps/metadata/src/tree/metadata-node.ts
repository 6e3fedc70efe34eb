/** A file or a folder of the tree that instances read. */
export type MetadataNode = Leaf | Folder;

export interface Leaf {
  readonly kind: 'leaf';
  readonly contentType: 'text/plain; charset=UTF-8' | 'application/json';
  readonly content: () => Content | Promise<Content>;
}

type Content = string | Buffer;

export interface Folder {
  readonly kind: 'folder';
  readonly entries: ReadonlyMap<string, MetadataNode>;
  /** How the folder above lists this one; `name/` if not said. */
  readonly label?: string;
  /** Listed as they stand; otherwise sorted. */
  readonly isOrdered?: boolean;
  /** Found by those who know their names; in no listing. */
  readonly hidden?: ReadonlyMap<string, MetadataNode>;
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
  for (const name of names) {
    if (node?.kind !== 'folder') return undefined;
    node = node.entries.get(name) ?? node.hidden?.get(name);
  }
  return node;
}

/** A folder's answer is its listing: one entry per line, no line feed at the end. */
export async function answerOf(node: MetadataNode): Promise<MetadataAnswer> {
  const { contentType, content } = node.kind === 'leaf' ? node : textLeaf(listing(node));
  return { contentType, body: Buffer.from(await content()) };
}

/** The text of a folder that is itself a file of another name. */
export function listing({ entries, isOrdered = false }: Pick<Folder, 'entries' | 'isOrdered'>): string {
  const names = [...entries.keys()];
  return (isOrdered ? names : names.sort()).map((name) => listed(name, entries.get(name))).join('\n');
}

function listed(name: string, node: MetadataNode | undefined): string {
  return node?.kind === 'folder' ? (node.label ?? `${name}/`) : name;
}

function textOf(value: number | null | readonly string[]): string {
  if (value === null) return 'None';
  return typeof value === 'number' ? String(value) : value.join('\n');
}
