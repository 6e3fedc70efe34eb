import { ec2Tree } from './ec2-tree.js';
import type { InstanceFacts } from './instance-facts.js';
import { answerOf, findNode, folder, type MetadataAnswer } from './metadata-node.js';
import { openStackTree, type RandomSeed } from './openstack-tree.js';

/**
 * The answer to one path of one instance. Undefined: there is nothing.
 * @param names the path without empty names, `.` and `..`
 */
export function answerPath(
  facts: InstanceFacts,
  names: readonly string[],
  randomSeed: RandomSeed,
): MetadataAnswer | undefined {
  const tree = folder({ ec2: ec2Tree(facts), openstack: openStackTree(facts, randomSeed) });
  const isWhole = names[0] === 'ec2' || names[0] === 'openstack';
  const node = findNode(tree, isWhole ? names : ['ec2', ...names]);
  return node && answerOf(node);
}
