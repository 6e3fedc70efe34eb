import type { PipeTransform } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { parseArguments } from '@novanet/contracts';
import { RpcMethod, type RpcContext } from '@novanet/messaging';

/** What a caller has to know of a method: the source of docs/rpc.md. */
export interface RpcDeclaration<Arguments extends object> {
  /** Absent: the main interface. */
  readonly namespace?: string;
  /** The version of the interface that brought the method. */
  readonly since: string;
  /** The shape of its keyword arguments. */
  readonly takes: new () => Arguments;
  /** In a few words, null when it answers nothing. */
  readonly answers: string | null;
  /** Class names of the errors that are its own. */
  readonly raises?: readonly string[];
  /** Sent without waiting for an answer. */
  readonly isCast?: boolean;
  /** One sentence. */
  readonly about: string;
}

/** Every declared method, for the documentation. */
export const declaredMethods = new Map<string, RpcDeclaration<object>>();

/** Callers send what they like: a handler gets what its declaration says, or the caller a TypeError. */
class ParseArguments implements PipeTransform<unknown, object> {
  constructor(
    private readonly takes: new () => object,
    private readonly method: string,
  ) {}

  transform(args: unknown): object {
    return parseArguments(this.takes, this.method, args);
  }
}

type Handler<Arguments> = (args: Arguments, context: RpcContext) => unknown;

/** Declares a method of a controller as callable over RPC. Its arguments are parsed before it is called. */
export function Rpc<Arguments extends object>(method: string, declaration: RpcDeclaration<Arguments>) {
  const { namespace, takes } = declaration;
  declaredMethods.set(namespace === undefined ? method : `${namespace}/${method}`, declaration);
  return answering(method, takes, namespace === undefined ? {} : { namespace });
}

/**
 * Answers a method of the main interface where a network manager has nothing to do for it: the declaration, and with it
 * the documentation, is that of the handler of the others.
 */
export function RpcStandIn(method: string, takes: new () => object) {
  return answering(method, takes, {});
}

function answering<Arguments extends object>(
  method: string,
  takes: new () => Arguments,
  options: { readonly namespace?: string },
) {
  return <H extends Handler<Arguments>>(
    target: object,
    key: string,
    descriptor: TypedPropertyDescriptor<H>,
  ): void => {
    RpcMethod(method, options)(target, key, descriptor);
    Payload(new ParseArguments(takes, method))(target, key, 0);
  };
}
