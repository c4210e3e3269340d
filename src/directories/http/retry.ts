import { SourceError, type SourceErrorKind } from '../../core/errors.ts';
import type { ResponseHeaders } from './send.ts';

const firstWaitMs = 250;
const longestWaitMs = 30_000;
/** A source that forbids something may count what is asked all the same, and block this address for it. */
const mostForbiddenAttempts = 3;

export interface RetryQuestion {
  /** How many attempts this request has made, the failed one included. */
  readonly attempt: number;
  readonly kind: SourceErrorKind;
  /** The wait that the source asked for; null when it named none. */
  readonly retryAfterMs: number | null;
  /** How long no request to this directory has succeeded. */
  readonly sinceLastSuccessMs: number;
  readonly budgetMs: number;
  /** Gives up on this request alone after this many attempts, not counting answers that ask to slow down. */
  readonly maxAttempts?: number | undefined;
  /** In [0, 1). */
  readonly random: () => number;
}

export interface RetryDecision {
  readonly retry: boolean;
  /** True when this request alone has used up its attempts; other requests may still succeed. */
  readonly gaveUpAlone: boolean;
  readonly reason: string;
  readonly waitMs: number;
}

/**
 * Decides whether to repeat a failed request, and how long to wait before: exponential backoff with full jitter, or
 * longer if the source asks for it, never beyond what is left of the budget.
 */
export function decideRetry(question: RetryQuestion): RetryDecision {
  const { attempt, kind, budgetMs, sinceLastSuccessMs } = question;
  if (kind === 'auth' || kind === 'refused' || kind === 'fatal') {
    return giveUp('another try would not change the answer');
  }
  const leftMs = budgetMs - sinceLastSuccessMs;
  if (leftMs <= 0)
    return giveUp(`no request has succeeded for ${describeSeconds(sinceLastSuccessMs)}`);
  const { maxAttempts } = question;
  if (kind === 'forbidden') {
    // The answer about one person is taken at once: others may still be read.
    if (maxAttempts !== undefined)
      return { ...giveUp(`tried ${attempt} times`), gaveUpAlone: true };
    if (attempt >= mostForbiddenAttempts) return giveUp(`tried ${attempt} times`);
  }
  if (kind !== 'rate-limited' && maxAttempts !== undefined && attempt >= maxAttempts) {
    return { ...giveUp(`tried ${attempt} times`), gaveUpAlone: true };
  }
  const again = { retry: true, gaveUpAlone: false, reason: `attempt ${attempt} failed` };
  // The pace decides when a request that came too early is sent again.
  if (kind === 'rate-limited') return { ...again, waitMs: 0 };
  const backoffMs = question.random() * Math.min(longestWaitMs, firstWaitMs * 2 ** (attempt - 1));
  const waitMs = Math.min(leftMs, Math.max(backoffMs, question.retryAfterMs ?? 0));
  return { ...again, waitMs };
}

function giveUp(reason: string): RetryDecision {
  return { retry: false, gaveUpAlone: false, reason, waitMs: 0 };
}

/** The failure of a run whose directory took longer than the time limit in all: not of the user just asked for. */
export function outOfTime(source: string, timeLimitMs: number): SourceError {
  const message = `${source} has not given all that was asked within the limit of ${timeLimitMs / 60_000} min`;
  return new SourceError('retriable', 'source-failed', message, {
    hint: 'A directory that needs longer needs a larger SOURCE_TIME_LIMIT_MINUTES.',
  });
}

function describeSeconds(ms: number): string {
  return `${Math.round(ms / 1000)} s`;
}

/**
 * Milliseconds that a Retry-After header asks to wait, given as seconds or as an HTTP date (RFC 9110, 10.2.3); null
 * when there is none or it is unreadable. A date is compared with the date of the answer: both are the source's clock,
 * and only the clock of this machine without one.
 */
export function readRetryAfter(headers: ResponseHeaders): number | null {
  const text = headers['retry-after']?.trim() ?? '';
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  const at = Date.parse(text);
  if (Number.isNaN(at)) return null;
  const sentAt = Date.parse(headers['date'] ?? '');
  return Math.max(0, at - (Number.isNaN(sentAt) ? Date.now() : sentAt));
}

export interface Outage {
  /** An attempt succeeded. */
  succeeded(): void;
  /** An attempt that began then failed. */
  failed(attemptStartedMs: number): void;
  /** 0 while nothing fails. */
  durationMs(): number;
}

/** Measures for how long every attempt has failed; the time between requests doesn't count. */
export function trackOutage(now: () => number): Outage {
  let lastSuccessMs = Number.NEGATIVE_INFINITY;
  let failingSinceMs: number | null = null;
  return {
    succeeded(): void {
      lastSuccessMs = now();
      failingSinceMs = null;
    },
    failed(attemptStartedMs: number): void {
      failingSinceMs ??= Math.max(attemptStartedMs, lastSuccessMs);
    },
    durationMs: (): number => (failingSinceMs === null ? 0 : now() - failingSinceMs),
  };
}
