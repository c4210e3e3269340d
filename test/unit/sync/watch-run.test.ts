import { Unavailable } from '../../../src/core/errors.ts';
import type { Run } from '../../../src/core/model/run.ts';
import { watchRun } from '../../../src/manage/runs/watch-run.ts';
import { aRun } from '../../builders/models.ts';

const underWay = aRun({ status: 'listing', finishedAt: null });

/** Watches a run of which each read returns the next of `looks`; the last one for ever. `said` leaves out `same`. */
async function watch(
  looks: readonly (Run | null)[],
  { askQueue = async () => null, most = 5 } = {},
) {
  const signal = new AbortController();
  let at = 0;
  let pausedMs = 0;
  const ports = {
    runs: {
      async get() {
        at = Math.min(at + 1, looks.length - 1);
        return looks[at] ?? null;
      },
    },
    queue: { progressOf: askQueue },
  };
  const said: string[] = [];
  const pause = async (ms: number) => {
    pausedMs += ms;
  };
  const watched = watchRun(ports as never, looks[0] as Run, { signal: signal.signal, pause });
  for await (const { is } of watched) {
    if (is !== 'same') said.push(is);
    if (said.length === most) signal.abort();
  }
  return { said, pausedMs };
}

describe('watching a run', () => {
  it('says of each state once that it is new', async () => {
    const applying = aRun({ status: 'applying', finishedAt: null });
    const looks = [underWay, underWay, applying, applying, aRun()];
    expect((await watch(looks)).said).toEqual(['news', 'news', 'end']);
  });

  it('says now and then that there is nothing new, so that no client disconnects', async () => {
    const { said, pausedMs } = await watch([underWay], { most: 3 });
    expect(said).toEqual(['news', 'quiet', 'quiet']);
    expect(pausedMs).toBeGreaterThanOrEqual(20_000);
    expect(pausedMs).toBeLessThan(21_000);
  });

  it('continues without Redis', async () => {
    const askQueue = () => Promise.reject(new Unavailable('away'));
    expect((await watch([underWay, aRun()], { askQueue })).said).toEqual(['news', 'end']);
  });

  it('ends with a run that is removed', async () => {
    expect((await watch([underWay, null])).said).toEqual(['news', 'end']);
  });
});
