import { getMetadataStorage, IsObject, ValidateNested } from 'class-validator';
import { isRecord } from './versioned-object.js';

type Shape<T extends object = object> = new () => T;
type Reader = (value: unknown) => unknown;

const readers = new Map<unknown, Map<string, Reader>>();

/** An argument that callers write in several ways: it is read before it is checked. */
export function ReadAs(read: Reader): PropertyDecorator {
  return (target, key) => {
    const own = readers.get(target) ?? new Map<string, Reader>();
    readers.set(target, own.set(String(key), read));
  };
}

/** An argument that is an object with a shape of its own. */
export function Nested(shape: Shape): PropertyDecorator {
  return (target, key) => {
    ReadAs((value) => (isRecord(value) ? shaped(shape, value) : value))(target, key);
    IsObject()(target, key);
    ValidateNested()(target, key);
  };
}

/** An argument that is a list of objects, each with this shape. */
export function NestedList(shape: Shape): PropertyDecorator {
  return (target, key) => {
    const read = (value: unknown) => (isRecord(value) ? shaped(shape, value) : value);
    ReadAs((values) => (Array.isArray(values) ? values.map(read) : values))(target, key);
    IsObject({ each: true })(target, key);
    ValidateNested({ each: true })(target, key);
  };
}

/**
 * An instance of the class, to be checked. Only what the class declares is taken over, and values as they are: keys like
 * `constructor` and `__proto__`, which callers may use inside of values, mean nothing here.
 */
export function shaped<T extends object>(shape: Shape<T>, values: Readonly<Record<string, unknown>>): T {
  const parsed = new shape();
  for (const name of declaredNames(parsed)) {
    if (!Object.hasOwn(values, name)) continue;
    const read = readerOf(parsed, name);
    Reflect.set(parsed, name, read ? read(values[name]) : values[name]);
  }
  return parsed;
}

/** The properties that the class of the object checks. */
export function declaredNames(parsed: object): ReadonlySet<string> {
  const checks = getMetadataStorage().getTargetValidationMetadatas(parsed.constructor, '', false, false);
  return new Set(checks.map(({ propertyName }) => propertyName));
}

/** Its class's own, or an inherited one. */
function readerOf(parsed: object, name: string): Reader | undefined {
  for (let target = Reflect.getPrototypeOf(parsed); target; target = Reflect.getPrototypeOf(target)) {
    const read = readers.get(target)?.get(name);
    if (read) return read;
  }
  return undefined;
}
