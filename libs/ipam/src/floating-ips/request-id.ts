/** So that a commit whose answer was lost is recognised when the transaction runs again. */
export function ownRequestId(): string {
  return crypto.randomUUID().replaceAll('-', '');
}
