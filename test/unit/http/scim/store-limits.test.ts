import { createStoreLimits } from '../../../../src/http/scim/store-limits.ts';

describe('the limits of a store', () => {
  let time = 0;
  const begun = (limits: ReturnType<typeof createStoreLimits>, count: number, store = 's1') =>
    Array.from({ length: count }, () => limits.begin(store)).filter(Boolean).length;
  /** Requests that are answered at once. */
  const served = (limits: ReturnType<typeof createStoreLimits>, count: number) =>
    Array.from(
      { length: count },
      () => limits.begin('s1') && limits.end('s1') === undefined,
    ).filter(Boolean).length;
  beforeEach(() => {
    time = 0;
  });

  it('admit 200 requests at a time', () => {
    const limits = createStoreLimits(() => time);
    expect(begun(limits, 300)).toBe(200);
    limits.end('s1');
    expect(begun(limits, 300)).toBe(1);
  });

  it('admit 500 requests a second, and more as time passes', () => {
    const limits = createStoreLimits(() => time);
    expect(served(limits, 1000)).toBe(500);
    time += 100;
    expect(served(limits, 1000)).toBe(50);
    time += 60_000;
    expect(served(limits, 1000)).toBe(500);
  });

  it('count for one store alone', () => {
    const limits = createStoreLimits(() => time);
    begun(limits, 300);
    expect(begun(limits, 300, 's2')).toBe(200);
  });
});
