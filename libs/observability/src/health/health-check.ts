/** One thing a service cannot do its work without. */
export interface HealthCheck {
  /** "database", "broker". */
  readonly name: string;
  /** Throws or rejects with the reason while it is missing. More than two seconds without an answer count as missing. */
  check(): void | Promise<void>;
}

/** Injection token of the checks of a service. */
export const HEALTH_CHECKS = Symbol('HEALTH_CHECKS');

/** `checks` holds "ok" or the reason, by name. */
export interface HealthReport {
  readonly isReady: boolean;
  readonly checks: Readonly<Record<string, string>>;
}

const LIMIT_MS = 2000;

/** Asks all checks at the same time. */
export async function reportHealth(
  checks: readonly HealthCheck[],
  limitMs = LIMIT_MS,
): Promise<HealthReport> {
  const answers = await Promise.all(
    checks.map(async (check) => [check.name, await ask(check, limitMs)] as const),
  );
  return { isReady: answers.every(([, answer]) => answer === 'ok'), checks: Object.fromEntries(answers) };
}

async function ask(check: HealthCheck, limitMs: number): Promise<string> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`no answer within ${limitMs / 1000} s`)), limitMs);
  try {
    await Promise.race([check.check(), late]);
    return 'ok';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    clearTimeout(timer);
  }
}
