/**
 * Resolves to null when all is well, or to the problem, in words that any caller may read. An error
 * that it throws is for the log alone: it may name internal hosts.
 */
type Check = () => Promise<string | null>;

export interface Readiness {
  readonly ready: boolean;
  readonly checks: Readonly<
    Record<string, { readonly ok: true } | { readonly ok: false; readonly problem: string }>
  >;
}

export interface ReadinessOptions {
  /** A check that takes longer has failed. */
  readonly timeoutMs: number;
  readonly onError: (error: unknown, check: string) => void;
}

export interface Checks {
  /** The process is ready while all of them are well. */
  readonly required: Readonly<Record<string, Check>>;
  /** What a person must see to, and what the process works with all the same: it is told, and changes nothing. */
  readonly noticed: Readonly<Record<string, Check>>;
}

/** Runs all checks at once. */
export async function checkReadiness(
  { required, noticed }: Checks,
  { timeoutMs, onError }: ReadinessOptions,
): Promise<Readiness> {
  const results = await Promise.all(
    Object.entries({ ...required, ...noticed }).map(async ([name, check]) => {
      const problem = await problemOf(check, {
        timeoutMs,
        onError: (error) => onError(error, name),
      });
      return [
        name,
        problem === null ? { ok: true as const } : { ok: false as const, problem },
      ] as const;
    }),
  );
  const ready = results.every(([name, { ok }]) => ok || Object.hasOwn(noticed, name));
  return { ready, checks: Object.fromEntries(results) };
}

async function problemOf(
  check: Check,
  {
    timeoutMs,
    onError,
  }: { readonly timeoutMs: number; readonly onError: (error: unknown) => void },
): Promise<string | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve(`no answer within ${timeoutMs} ms`), timeoutMs);
  });
  try {
    return await Promise.race([check(), late]);
  } catch (error) {
    onError(error);
    return 'it failed; the log says more';
  } finally {
    clearTimeout(timer);
  }
}
