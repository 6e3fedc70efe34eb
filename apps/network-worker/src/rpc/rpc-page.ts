import { getMetadataStorage, ValidationTypes } from 'class-validator';
import { NoArguments } from '@novanet/contracts';
import type { RpcDeclaration } from './rpc.decorator.js';

/** docs/rpc.md: what a caller has to know of every method, from its declaration. */
export function renderRpcPage(methods: ReadonlyMap<string, RpcDeclaration<object>>): string {
  const namespaces = Map.groupBy(methods, ([, { namespace }]) => namespace);
  const sections = [undefined, 'novanet', 'baseapi'].flatMap((namespace) => {
    const own = (namespaces.get(namespace) ?? []).toSorted(([a], [b]) => (a < b ? -1 : 1));
    return [headings[namespace ?? ''] ?? '', ...own.map(([name, method]) => methodText(name, method))];
  });
  return [intro, ...sections].join('\n');
}

const intro = `# RPC methods

Written from the declarations of the handlers; do not edit.

Workers take requests from the queues \`network\` (any worker) and \`network.<host>\` (one), in oslo.messaging's format.
An argument with \`?\` may be left out or null; keywords that a method does not know are passed over. Any method may fail
with \`TypeError\` (wrong arguments) and \`DatabaseUnavailable\`.
`;

const headings: Readonly<Record<string, string>> = {
  '': '## Main interface, version 1.17\n',
  novanet: '## Namespace `novanet`, version 1.0: what nova has not\n',
  baseapi: '## Namespace `baseapi`, version 1.1: what every service answers\n',
};

function methodText(name: string, method: RpcDeclaration<object>): string {
  const { since, about, answers, raises = [], isCast, takes, namespace } = method;
  const title = namespace === undefined ? name : name.slice(namespace.length + 1);
  const facts = [
    `- since: ${since}${isCast ? ', sent without waiting for an answer' : ''}`,
    `- arguments: ${argumentsOf(takes).map(argumentText).join(', ') || 'none'}`,
    `- result: ${answers ?? 'null'}`,
    ...(raises.length > 0 ? [`- errors: ${[...new Set(raises)].join(', ')}`] : []),
  ];
  return `### ${title}\n\n${about}\n\n${facts.join('\n')}\n`;
}

interface Argument {
  readonly name: string;
  readonly isOptional: boolean;
}

const argumentText = ({ name, isOptional }: Argument) => `\`${name}${isOptional ? '?' : ''}\``;

/** The shape's own checks say what there is, and what may be left out. */
export function argumentsOf(shape: new () => object): Argument[] {
  if (shape === NoArguments) return [];
  const checks = getMetadataStorage().getTargetValidationMetadatas(shape, '', false, false);
  const byName = Map.groupBy(checks, ({ propertyName }) => propertyName);
  return [...byName].map(([name, own]) => ({
    name,
    isOptional: own.some(
      ({ type }) => type === ValidationTypes.CONDITIONAL_VALIDATION || type === ValidationTypes.WHITELIST,
    ),
  }));
}
