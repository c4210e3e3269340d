import type { Measured, Round } from './measure.ts';
import type { BenchResult } from './result.ts';
import type { Timed, Worked, WorkerLife } from './rollcall.ts';
import { type Spread, spreadOf } from './statistics.ts';

type Figures = Omit<
  BenchResult,
  'users' | 'latencyMs' | 'rounds' | 'date' | 'machine' | 'versions'
>;

/** The figures of all rounds as medians with their spread, and what they come to beside each other. */
export function summarize(users: number, { rounds, usersNaively, writes }: Measured): Figures {
  const over = (figure: (round: Round) => number): Spread => spreadOf(rounds.map(figure));
  const timed = (of: (round: Round) => Timed) => {
    const { median: seconds, min, max } = over((round) => of(round).seconds);
    const [people = 0] = rounds.map((round) => of(round).people);
    const outside = over((round) => of(round).outsideSeconds);
    return { people, time: { seconds, min, max, outside } };
  };
  const floors = {
    fetch: over((round) => round.floors.fetch),
    import: over((round) => round.floors.import),
    write: over((round) => round.floors.write),
  };
  const cpu = (of: (life: WorkerLife) => Worked): Spread =>
    over(({ undelayed }) => (of(undelayed).cpuSeconds / users) * 10_000);
  const naive = over((round) => (round.naive / usersNaively) * users);
  const firstImport = timed(({ worker }) => worker.firstImport);
  const noChange = timed(({ worker }) => worker.noChange);
  const onePercent = timed(({ worker }) => worker.onePercent);
  const preview = timed(({ worker }) => worker.preview);
  const held = timed(({ worker }) => worker.held);
  const approved = timed(({ worker }) => worker.approved);
  const peak = over(({ worker }) => worker.peakMb);
  const tenthPeakMb = over(({ tenth }) => tenth.peakMb).median;
  return {
    floors,
    naive: {
      seconds: naive.median,
      min: naive.min,
      max: naive.max,
      usersMeasured: usersNaively,
      scaled: usersNaively < users,
    },
    firstImport: {
      ...firstImport.time,
      usersPerSecond: users / firstImport.time.seconds,
      overFloor: firstImport.time.seconds / floors.import.median,
      overNaive: firstImport.time.seconds / naive.median,
      created: firstImport.people,
    },
    noChange: {
      ...noChange.time,
      overFetch: noChange.time.seconds / floors.fetch.median,
      writes: writes.noChange,
      unchanged: noChange.people,
    },
    onePercent: {
      ...onePercent.time,
      overFloor: onePercent.time.seconds / (floors.fetch.median + floors.write.median),
      writes: writes.onePercent,
      changed: onePercent.people,
    },
    preview: { ...preview.time, changed: preview.people },
    gone: {
      held: { ...held.time, people: held.people },
      approved: { ...approved.time, people: approved.people },
    },
    cpu: {
      firstImport: cpu((life) => life.firstImport),
      noChange: cpu((life) => life.noChange),
      preview: cpu((life) => life.preview),
      onePercent: cpu((life) => life.onePercent),
      held: cpu((life) => life.held),
      approved: cpu((life) => life.approved),
    },
    memory: {
      peakMb: peak.median,
      min: peak.min,
      max: peak.max,
      tenthPeakMb,
      growth: peak.median / tenthPeakMb,
    },
    requests: requestsOf(rounds),
  };
}

function requestsOf(rounds: readonly Round[]): Figures['requests'] {
  return {
    listing: spreadOf(rounds.map(({ worker }) => worker.requests.listing)).median,
    total: spreadOf(rounds.map(({ worker }) => worker.requests.total)).median,
  };
}
