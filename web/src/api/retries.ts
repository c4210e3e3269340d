import { ApiAway, ApiProblem } from './client.ts';

const attempts = 2;
const attemptsWhenBusy = 5;
const firstMs = 1_000;
const longestMs = 30_000;

/** How long the API asked to wait, when it has had too many requests; null for any other error. */
export const busyForMs = (error: unknown): number | null =>
  error instanceof ApiProblem && error.problem.status === 429
    ? (error.retryAfter ?? 1) * 1_000
    : null;

/** Whether the API, or the way to it, is not there: the console keeps what it has, and tries again. */
export const isAway = (error: unknown): boolean =>
  error instanceof ApiAway || (error instanceof ApiProblem && error.problem.status === 503);

/** Longer each time, up to half a minute. */
export const backoffMs = (count: number): number => Math.min(longestMs, firstMs * 2 ** count);

/** What is asked again by itself, and when: a refusal never is. */
export const retries = {
  retry: (count: number, error: Error): boolean => {
    if (busyForMs(error) !== null) return count < attemptsWhenBusy;
    return count < attempts && !(error instanceof ApiProblem && error.problem.status < 500);
  },
  retryDelay: (count: number, error: Error): number => busyForMs(error) ?? backoffMs(count),
};
