/** A promise and its two ends. A rejection that nobody waits for is no error of the process. */
export function deferred<T>(): PromiseWithResolvers<T> {
  const ends = Promise.withResolvers<T>();
  ends.promise.catch(() => undefined);
  return ends;
}
