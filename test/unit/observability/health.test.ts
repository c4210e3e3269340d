import { checkReadiness } from '../../../src/observability/health.ts';

describe('readiness', () => {
  it('returns the problem of each check, and logs the error', async () => {
    const thrown: unknown[] = [];
    const error = new Error('connect redis://:hunter2@cache.inside:6379');
    const readiness = await checkReadiness(
      {
        noticed: {},
        required: {
          fine: async () => null,
          wordy: async () => 'two schedules are missing',
          broken: async () => {
            throw error;
          },
          silent: () => new Promise(() => undefined),
        },
      },
      { timeoutMs: 10, onError: (...all) => void thrown.push(all) },
    );
    expect(readiness).toEqual({
      ready: false,
      checks: {
        fine: { ok: true },
        wordy: { ok: false, problem: 'two schedules are missing' },
        broken: { ok: false, problem: 'it failed; the log says more' },
        silent: { ok: false, problem: 'no answer within 10 ms' },
      },
    });
    expect(thrown).toEqual([[error, 'broken']]);
  });

  it('is given when all is well', async () => {
    const options = { timeoutMs: 1000, onError: () => undefined };
    expect(
      await checkReadiness({ required: { fine: async () => null }, noticed: {} }, options),
    ).toMatchObject({
      ready: true,
    });
  });
});
