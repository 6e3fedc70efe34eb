/**
 * Works something out once for each object, as long as that lives: rows that have not changed are the same objects as when
 * the host was planned before. The outcome is the same object then, too.
 * @param work pure; `key` is all that the outcome depends on besides the object, compared as in a Map
 */
export function perObject<Of extends object, Key, Outcome extends object | string>(
  work: (of: Of, key: Key) => Outcome,
): (of: Of, key: Key) => Outcome {
  const known = new WeakMap<Of, Map<Key, Outcome>>();
  return (of, key) => {
    const own = known.get(of) ?? new Map<Key, Outcome>();
    known.set(of, own);
    const outcome = own.get(key) ?? work(of, key);
    own.set(key, outcome);
    return outcome;
  };
}
