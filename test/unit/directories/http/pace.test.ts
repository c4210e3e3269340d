import fc from 'fast-check';
import {
  afterAccepted,
  afterRefused,
  afterSending,
  startingPace,
} from '../../../../src/directories/http/pace.ts';

/** Whether one more request may pass at this time. */
type Limit = (atMs: number) => boolean;

const unlimited: Limit = () => true;

/** Fills steadily, and lets up to this many pass at once. */
function bucket(perSecond: number, size = perSecond): Limit {
  let level = size;
  let filledAt = 0;
  return (atMs) => {
    level = Math.min(size, level + ((atMs - filledAt) / 1000) * perSecond);
    filledAt = atMs;
    if (level < 1) return false;
    level -= 1;
    return true;
  };
}

/** So many in each second of the clock; the first second began `phaseMs` ago. */
function window(perSecond: number, phaseMs = 0): Limit {
  let second = -1;
  let passed = 0;
  return (atMs) => {
    const now = Math.floor((atMs + phaseMs) / 1000);
    if (now !== second) passed = 0;
    second = now;
    passed += 1;
    return passed <= perSecond;
  };
}

/** So many in any second. */
function sliding(perSecond: number): Limit {
  const passed: number[] = [];
  return (atMs) => {
    while ((passed[0] ?? atMs) <= atMs - 1000) passed.shift();
    if (passed.length >= perSecond) return false;
    passed.push(atMs);
    return true;
  };
}

interface Simulation {
  readonly requests: number;
  readonly limit: Limit;
  readonly latencyMs: number;
  readonly perSecond?: number;
  readonly retryAfterMs?: number;
}

const mostAtOnce = 6;

/** Sends requests on a clock of its own, six at a time, until each was accepted. */
function simulate({ requests, limit, latencyMs, perSecond, retryAfterMs }: Simulation) {
  const events: { readonly atMs: number; readonly happen: (nowMs: number) => void }[] = [];
  let pace = startingPace(perSecond ?? null);
  let [waiting, underWay, refused, sent, nowMs] = [requests, 0, 0, 0, 0];
  let isGateClosed = false;
  const later = (atMs: number, happen: (nowMs: number) => void): void => {
    const place = events.findIndex((event) => event.atMs > atMs);
    events.splice(place === -1 ? events.length : place, 0, { atMs, happen });
  };
  const send = (sentMs: number): void => {
    sent += 1;
    pace = afterSending(pace, sentMs);
    later(sentMs + latencyMs / 2, (arrivedMs) => {
      const isAccepted = limit(arrivedMs);
      later(sentMs + latencyMs, (answeredMs) => {
        const times = { sentMs, nowMs: answeredMs };
        underWay -= 1;
        if (isAccepted) pace = afterAccepted(pace, times);
        else {
          refused += 1;
          waiting += 1;
          const refusal = { retryAfterMs: retryAfterMs ?? null, mostMs: 180_000 };
          pace = afterRefused(pace, { ...times, ...refusal });
        }
        step(answeredMs);
      });
    });
  };
  const step = (atMs: number): void => {
    while (!isGateClosed && !pace.isProbing && underWay < mostAtOnce && waiting > 0) {
      if (pace.nextMs > atMs) {
        isGateClosed = true;
        later(pace.nextMs, (openedMs) => {
          isGateClosed = false;
          step(openedMs);
        });
        return;
      }
      waiting -= 1;
      underWay += 1;
      send(atMs);
    }
  };
  step(0);
  for (let event = events.shift(); event !== undefined; event = events.shift()) {
    nowMs = event.atMs;
    event.happen(nowMs);
  }
  return { tookMs: nowMs, refusedShare: refused / sent, refused, perSecond: pace.perSecond };
}

/** The time that the requests need at least. */
function idealMs(requests: number, perSecond: number, latencyMs: number): number {
  return Math.max((requests * 1000) / perSecond, (requests / mostAtOnce) * latencyMs);
}

const limits: readonly [string, (perSecond: number) => Limit][] = [
  ['a bucket', bucket],
  ['a window that just began', window],
  ['a window', (perSecond) => window(perSecond, 300)],
  ['a sliding window', sliding],
];
const rates = [2, 3, 5, 8, 10, 50];

describe('the pace', () => {
  it.each(limits)('finds a steady limit without many refusals: %s', (_, limitOf) => {
    const missed = rates.flatMap((rate) =>
      // What ends within two seconds has no steady part.
      [80, 200, 1000]
        .filter((requests) => requests >= 2 * rate)
        .flatMap((requests) =>
          [5, 20, 100].flatMap((latencyMs) => {
            const run = simulate({ requests, limit: limitOf(rate), latencyMs });
            const ratio = run.tookMs / idealMs(requests, rate, latencyMs);
            return ratio <= 1.15 && run.refusedShare <= 0.15
              ? []
              : [{ rate, requests, latencyMs, ratio, refusedShare: run.refusedShare }];
          }),
        ),
    );
    expect(missed).toEqual([]);
  });

  it.each(limits)('finds it too when the directory names a second to wait: %s', (_, limitOf) => {
    for (const rate of [2, 3, 5, 8, 10]) {
      const run = simulate({
        requests: 80,
        limit: limitOf(rate),
        latencyMs: 50,
        retryAfterMs: 1000,
      });
      expect(run.tookMs / idealMs(80, rate, 50)).toBeLessThanOrEqual(1.15);
      expect(run.refusedShare).toBeLessThanOrEqual(0.15);
    }
  });

  it('comes near to any limit, whatever latency and phase', () => {
    fc.assert(
      fc.property(
        fc.record({
          rate: fc.integer({ min: 2, max: 60 }),
          requests: fc.integer({ min: 150, max: 600 }),
          latencyMs: fc.integer({ min: 1, max: 150 }),
          limitOf: fc.oneof(
            fc.constant(bucket),
            fc.constant(sliding),
            fc.nat(999).map((phaseMs) => (rate: number) => window(rate, phaseMs)),
          ),
        }),
        ({ rate, requests, latencyMs, limitOf }) => {
          const run = simulate({ requests, limit: limitOf(rate), latencyMs });
          expect(run.tookMs / idealMs(requests, rate, latencyMs)).toBeLessThan(1.45);
          expect(run.refusedShare).toBeLessThanOrEqual(0.2);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('copes with a directory that allows no burst, and with one that counts by ten seconds', () => {
    const noBurst = simulate({ requests: 200, limit: bucket(2, 1), latencyMs: 50 });
    expect(noBurst.tookMs).toBeLessThan(1.15 * idealMs(200, 2, 50));
    expect(noBurst.refusedShare).toBeLessThan(0.15);
    const patient = simulate({ requests: 200, limit: bucket(2, 20), latencyMs: 50 });
    expect(patient.tookMs).toBeLessThan(1.15 * idealMs(200, 2, 50));
    expect(patient.refusedShare).toBeLessThan(0.2);
  });

  it('does not slow a directory that never refuses', () => {
    const run = simulate({ requests: 1000, limit: unlimited, latencyMs: 60 });
    expect(run.tookMs).toBeLessThan(1.01 * idealMs(1000, Number.POSITIVE_INFINITY, 60));
    expect(run.perSecond).toBeNull();
  });

  it.each(rates)(
    'begins at the pace that an earlier run found, so that few are refused: %i/s',
    (rate) => {
      const { perSecond } = simulate({ requests: 400, limit: bucket(rate), latencyMs: 20 });
      const again = simulate({
        requests: 80,
        limit: bucket(rate),
        latencyMs: 20,
        perSecond: perSecond ?? 0,
      });
      expect(again.refused).toBeLessThanOrEqual(2);
      expect(again.tookMs).toBeLessThanOrEqual(1.15 * idealMs(80, rate, 20));
    },
  );

  it('rises again where the limit was lifted', () => {
    const run = simulate({ requests: 2000, limit: bucket(20), latencyMs: 20, perSecond: 4 });
    expect(run.perSecond).toBeGreaterThan(16);
  });

  it('asks a directory that refuses everything less and less often, and no longer than it may', () => {
    let pace = startingPace(null);
    let nowMs = 0;
    const waits: number[] = [];
    for (let n = 0; n < 20; n += 1) {
      pace = afterSending(pace, nowMs);
      pace = afterRefused(pace, { sentMs: nowMs, nowMs, retryAfterMs: null, mostMs: 45_000 });
      waits.push(pace.nextMs - nowMs);
      nowMs = Math.max(nowMs + 1, pace.nextMs);
    }
    expect(waits.at(-1)).toBe(30_000);
    const hinted = { sentMs: nowMs, nowMs, retryAfterMs: 90_000, mostMs: 45_000 };
    expect(afterRefused(afterSending(pace, nowMs), hinted).nextMs).toBe(nowMs + 45_000);
  });
});
