import { ec2Tree } from './ec2-tree.js';
import type { InstanceFacts } from './instance-facts.js';
import { findNode, folder, type Folder, type MetadataNode } from './metadata-node.js';
import { openStackTree, type LiveData } from './openstack-tree.js';

/** All that one instance can read. */
export function metadataTree(facts: InstanceFacts, live: LiveData): Folder {
  return folder({ ec2: ec2Tree(facts), openstack: openStackTree(facts, live) });
}

/**
 * What stands at a path. Undefined: nothing.
 * @param names the path without empty names, `.` and `..`
 */
export function nodeAt(tree: Folder, names: readonly string[]): MetadataNode | undefined {
  const node = findNode(tree, isOpenStack(names) || names[0] === 'ec2' ? names : ['ec2', ...names]);
  const isEmpty = node?.kind === 'folder' && node.entries.size === 0;
  return isEmpty ? undefined : node;
}

export function isOpenStack(names: readonly string[]): boolean {
  return names[0] === 'openstack';
}
