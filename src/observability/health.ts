import { messageOf } from '../core/errors.ts';
import { scrub } from './scrub.ts';

/** Resolves to null when all is well, or to what is wrong, in words; throwing is as good as words. */
export type Check = () => Promise<string | null>;

export interface Readiness {
  readonly ready: boolean;
  readonly checks: Readonly<
    Record<string, { readonly ok: true } | { readonly ok: false; readonly problem: string }>
  >;
}

/** Asks all checks at once; one that takes longer than `timeoutMs` has failed. */
export async function checkReadiness(
  checks: Readonly<Record<string, Check>>,
  timeoutMs: number,
): Promise<Readiness> {
  const results = await Promise.all(
    Object.entries(checks).map(async ([name, check]) => {
      const problem = await problemOf(check, timeoutMs);
      return [
        name,
        problem === null ? { ok: true as const } : { ok: false as const, problem },
      ] as const;
    }),
  );
  return { ready: results.every(([, { ok }]) => ok), checks: Object.fromEntries(results) };
}

async function problemOf(check: Check, timeoutMs: number): Promise<string | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve(`no answer within ${timeoutMs} ms`), timeoutMs);
  });
  try {
    return await Promise.race([check(), late]);
  } catch (error) {
    return scrub(messageOf(error));
  } finally {
    clearTimeout(timer);
  }
}
