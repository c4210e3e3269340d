import { checkReadiness } from '../../../src/observability/health.ts';

describe('readiness', () => {
  it('says of each check what is wrong', async () => {
    const readiness = await checkReadiness(
      {
        fine: async () => null,
        wordy: async () => 'two schedules are missing',
        broken: async () => {
          throw new Error('connect redis://:hunter2@host');
        },
        silent: () => new Promise(() => undefined),
      },
      10,
    );
    expect(readiness).toEqual({
      ready: false,
      checks: {
        fine: { ok: true },
        wordy: { ok: false, problem: 'two schedules are missing' },
        broken: { ok: false, problem: 'connect redis://[redacted]@host' },
        silent: { ok: false, problem: 'no answer within 10 ms' },
      },
    });
  });

  it('is there when all is well', async () => {
    expect(await checkReadiness({ fine: async () => null }, 1000)).toMatchObject({ ready: true });
  });
});
