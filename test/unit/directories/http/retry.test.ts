import fc from 'fast-check';
import {
  decideRetry,
  readRetryAfter,
  trackOutage,
} from '../../../../src/directories/http/retry.ts';

const failing = {
  attempt: 1,
  kind: 'retriable',
  retryAfterMs: null,
  sinceLastSuccessMs: 0,
  budgetMs: 180_000,
  random: () => 0.5,
} as const;

describe('decideRetry', () => {
  it.each(['refused', 'auth', 'fatal'] as const)(
    'never repeats a failure of the kind %s',
    (kind) => {
      expect(decideRetry({ ...failing, kind })).toMatchObject({ retry: false, waitMs: 0 });
    },
  );

  it('waits longer from attempt to attempt, up to 30 s', () => {
    const waits = [1, 2, 3, 4, 8, 20].map((attempt) => decideRetry({ ...failing, attempt }).waitMs);
    expect(waits).toEqual([125, 250, 500, 1000, 15_000, 15_000]);
  });

  it('waits at least as long as the source asks', () => {
    expect(decideRetry({ ...failing, retryAfterMs: 7000 }).waitMs).toBe(7000);
    expect(decideRetry({ ...failing, kind: 'rate-limited', retryAfterMs: 7000 }).waitMs).toBe(0);
    expect(decideRetry({ ...failing, attempt: 4, retryAfterMs: 0 }).waitMs).toBe(1000);
  });

  it('gives up when nothing has succeeded for the budget, and says so', () => {
    expect(decideRetry({ ...failing, sinceLastSuccessMs: 180_000 })).toEqual({
      retry: false,
      gaveUpAlone: false,
      reason: 'no request has succeeded for 180 s',
      waitMs: 0,
    });
    expect(decideRetry({ ...failing, sinceLastSuccessMs: 179_999 }).retry).toBe(true);
  });

  it('gives up on a request alone after its own number of attempts, but not for being rate-limited', () => {
    const fifth = { ...failing, attempt: 5, maxAttempts: 5 };
    expect(decideRetry(fifth)).toMatchObject({
      retry: false,
      gaveUpAlone: true,
      reason: 'tried 5 times',
    });
    expect(decideRetry({ ...fifth, kind: 'rate-limited' }).retry).toBe(true);
    expect(decideRetry({ ...fifth, attempt: 4 }).retry).toBe(true);
  });

  it('never waits beyond what is left of the budget', () => {
    fc.assert(
      fc.property(
        fc.record({
          attempt: fc.integer({ min: 1, max: 1000 }),
          kind: fc.constantFrom('retriable' as const, 'rate-limited' as const),
          retryAfterMs: fc.option(fc.nat()),
          sinceLastSuccessMs: fc.nat(300_000),
          budgetMs: fc.integer({ min: 1, max: 300_000 }),
          random: fc.double({ min: 0, max: 0.999, noNaN: true }).map((value) => () => value),
        }),
        (question) => {
          const { retry, waitMs } = decideRetry(question);
          expect(waitMs).toBeGreaterThanOrEqual(0);
          expect(retry).toBe(question.sinceLastSuccessMs < question.budgetMs);
          const leftMs = Math.max(0, question.budgetMs - question.sinceLastSuccessMs);
          expect(waitMs).toBeLessThanOrEqual(leftMs);
        },
      ),
    );
  });
});

describe('readRetryAfter', () => {
  const date = 'Mon, 05 Jan 2026 12:00:00 GMT';

  it.each([
    [undefined, null],
    ['', null],
    ['soon', null],
    ['3', 3000],
    [' 0 ', 0],
    ['Mon, 05 Jan 2026 12:00:10 GMT', 10_000],
    ['Mon, 05 Jan 2026 11:00:00 GMT', 0],
  ])('reads %j as %j', (header, waitMs) => {
    const headers = { date, ...(header !== undefined && { 'retry-after': header }) };
    expect(readRetryAfter(headers)).toBe(waitMs);
  });

  it('compares a date with the clock of this machine when the answer has none', () => {
    const at = new Date(Date.now() + 60_000).toUTCString();
    const waitMs = readRetryAfter({ 'retry-after': at });
    expect(waitMs).toBeGreaterThan(55_000);
    expect(waitMs).toBeLessThanOrEqual(60_000);
  });
});

describe('trackOutage', () => {
  it('counts from the first failure after the last success, not from idle times', () => {
    let nowMs = 1000;
    const outage = trackOutage(() => nowMs);
    expect(outage.durationMs()).toBe(0);
    outage.succeeded();
    nowMs = 900_000;
    outage.failed(890_000);
    outage.failed(899_000);
    expect(outage.durationMs()).toBe(10_000);
    outage.succeeded();
    expect(outage.durationMs()).toBe(0);
    nowMs = 900_500;
    outage.failed(880_000);
    expect(outage.durationMs()).toBe(500);
  });
});
