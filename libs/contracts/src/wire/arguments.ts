import { validateSync, type ValidationError } from 'class-validator';
import { RpcArgumentError } from '../errors/rpc-argument.error.js';
import { shaped } from './shaped.js';
import { isRecord, unwrapObjects } from './versioned-object.js';

/**
 * The arguments of an RPC request as an instance of their class: versioned objects unwrapped, unknown keywords dropped
 * (clients of other releases send more than we read). Throws RpcArgumentError naming each wrong argument.
 */
export function parseArguments<T extends object>(shape: new () => T, method: string, args: unknown): T {
  const given = unwrapObjects(args) ?? {};
  if (!isRecord(given)) throw new RpcArgumentError(method, ['the arguments must be an object']);
  const parsed = shaped(shape, given);
  const problems = validateSync(parsed, { forbidUnknownValues: false });
  if (problems.length > 0)
    throw new RpcArgumentError(
      method,
      problems.flatMap((problem) => textsOf(problem)),
    );
  return parsed;
}

function textsOf(problem: ValidationError, path = ''): string[] {
  const own = Object.values(problem.constraints ?? {}).map((text) => `${path}${text}`);
  const inner = (problem.children ?? []).flatMap((child) => textsOf(child, `${path}${problem.property}.`));
  return [...own, ...inner];
}
