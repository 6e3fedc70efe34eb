import { readFileSync } from 'node:fs';

import { RpcRefusal, type RpcAsker, type RpcHow, type RpcPlace } from '@novanet/testbed';

type Arguments = Readonly<Record<string, unknown>>;

/** Makes requests to the workers of a lab, and remembers which methods it called. */
export class Caller {
  readonly called = new Set<string>();

  constructor(
    private readonly asker: RpcAsker,
    private readonly place: RpcPlace,
  ) {}

  /** The answer. An exception of the other side is an answer as well: an RpcRefusal. */
  ask(method: string, args: Arguments = {}, how: RpcHow = {}): Promise<unknown> {
    this.called.add(how.namespace ? `${how.namespace}/${method}` : method);
    return this.asker.ask(this.place, method, args, how);
  }

  /** A method that nova has not. */
  ours(method: string, args: Arguments = {}): Promise<unknown> {
    return this.ask(method, args, { namespace: 'novanet' });
  }
}

/** The class of the exception that the caller got. */
export function refusalOf(outcome: unknown): string {
  return outcome instanceof RpcRefusal ? outcome.className : `none, but ${JSON.stringify(outcome)}`;
}

/** Every method that the handlers declare: the page is written from the declarations. */
export function documentedMethods(): string[] {
  const page = readFileSync(new URL('../../../docs/rpc.md', import.meta.url), 'utf8');
  let namespace = '';
  return page.split('\n').flatMap((line) => {
    if (line.startsWith('## ')) namespace = /`(\w+)`/.exec(line)?.[1] ?? '';
    const method = /^### (\w+)$/.exec(line)?.[1];
    return method ? [namespace ? `${namespace}/${method}` : method] : [];
  });
}
