import { isRecord, type JsonObject } from './is-record.js';
import { parsePythonJson, toJson } from './python-json.js';

/**
 * An exception as it travels. A Python caller imports `module` and calls `class(*args, **kwargs)`; so the
 * arguments must be ones that the class takes: for nova.exception the message, and `kwargs` with a `code`.
 * For built-ins the module is `exceptions`, which callers on either line of Python know, and `kwargs` is empty.
 */
export interface RpcFailure {
  readonly class: string;
  readonly module: string;
  readonly message: string;
  /** Default: the message alone. */
  readonly args?: readonly unknown[];
  readonly kwargs?: Readonly<Record<string, unknown>>;
  /** Lines, each with its line feed; shown to whoever reads the caller's log. */
  readonly trace?: readonly string[];
}

/** The text that goes into `failure`: JSON in the JSON in the JSON of the body. */
export function renderFailure(failure: RpcFailure): string {
  const { class: name, module, message, args = [message], kwargs = {} } = failure;
  const trace = failure.trace ?? ['Traceback (most recent call last):\n', `${name}: ${message}\n`];
  return toJson({ class: name, module, message, tb: trace, args, kwargs });
}

/** Takes what servers of any age send, and text that is no failure at all. */
export function parseFailure(value: unknown): RpcFailure {
  const fields = typeof value === 'string' ? parseFields(value) : value;
  if (!isRecord(fields)) return { class: 'Exception', module: 'exceptions', message: String(value) };
  const { args, kwargs, tb } = fields;
  return {
    class: withoutRemote(text(fields, 'class', 'Exception')),
    module: withoutRemote(text(fields, 'module', '')),
    message: text(fields, 'message', ''),
    args: Array.isArray(args) ? args : [],
    kwargs: isRecord(kwargs) ? kwargs : {},
    trace: Array.isArray(tb) ? tb.map(String) : [],
  };
}

/** A failure of a Python built-in class, without keywords. */
export function builtinFailure(name: 'TypeError' | 'ValueError', message: string): RpcFailure {
  return { class: name, module: 'exceptions', message };
}

function parseFields(value: string): unknown {
  try {
    return parsePythonJson(value);
  } catch {
    return undefined;
  }
}

function text(fields: JsonObject, key: string, otherwise: string): string {
  const value = fields[key];
  return typeof value === 'string' ? value : otherwise;
}

/** Python renames a class that it re-raised, and may send it on under that name. */
function withoutRemote(name: string): string {
  return name.replace(/_Remote$/, '');
}
