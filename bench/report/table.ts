import type { BenchResult } from '../result.ts';
import { markdownTable } from './markdown.ts';

type Timed = Pick<BenchResult['firstImport'], 'seconds' | 'min' | 'max'>;

/** What is to be kept: times over those of their floors, and the worker's peak. */
const goals = { firstImport: 1.1, noChange: 1.05, onePercent: 1.1, peakMb: 256 };

/** How often the time of its floor a run took, and how often it may take. */
export function besideGoal(value: number, run: Exclude<keyof typeof goals, 'peakMb'>): string {
  return `${ratio(value)} floor (goal ${goals[run]})`;
}

/** What was measured, as a table for people: it reads in a terminal and as Markdown. */
export function resultTable(result: BenchResult): string {
  const { firstImport, noChange, onePercent, preview, gone, floors, naive, cpu, memory } = result;
  const row = (what: string, { seconds, min, max }: Timed, beside = '') =>
    [what, time(seconds), `${time(min)} – ${time(max)}`, beside] as const;
  const floor = (what: string, name: keyof typeof floors) => {
    const { median: seconds, ...spread } = floors[name];
    return row(`floor: ${what}`, { seconds, ...spread });
  };
  const computing = (what: string, name: keyof typeof cpu) => {
    const { median: seconds, ...spread } = cpu[name];
    return row(`CPU at 0 ms: ${what}`, { seconds, ...spread }, 'for each 10,000 users');
  };
  const naively = naive.scaled ? `scaled from ${count(naive.usersMeasured)} users` : '';
  const table = markdownTable(
    ['', 'median', 'least – most', ''],
    [
      floor('fetch', 'fetch'),
      floor('import', 'import'),
      floor('write 1 %', 'write'),
      row('naive first import', naive, naively),
      row(
        'first import',
        firstImport,
        `${besideGoal(firstImport.overFloor, 'firstImport')}, ${ratio(firstImport.overNaive)} naive, ${count(firstImport.usersPerSecond)} users/s`,
      ),
      row(
        'no change',
        noChange,
        `${besideGoal(noChange.overFetch, 'noChange')}, ${noChange.writes} writes`,
      ),
      row(
        '1 % changed',
        onePercent,
        `${besideGoal(onePercent.overFloor, 'onePercent')}, ${count(onePercent.writes)} writes`,
      ),
      row('preview of 1 % changed', preview),
      row('10 % gone, held', gone.held, `${count(gone.held.people)} people`),
      row('10 % gone, approved', gone.approved, `${count(gone.approved.people)} people`),
      computing('first import', 'firstImport'),
      computing('no change', 'noChange'),
      computing('preview of 1 %', 'preview'),
      computing('1 % changed', 'onePercent'),
      computing('10 % gone, held', 'held'),
      computing('10 % gone, approved', 'approved'),
      [
        "worker's peak memory",
        `${count(memory.peakMb)} MB`,
        `${count(memory.min)} – ${count(memory.max)} MB`,
        `goal ${goals.peakMb} MB; ${ratio(memory.growth)} that of a tenth of the users`,
      ],
      [
        'requests of an unchanged run',
        count(result.requests.total),
        '',
        `${count(result.requests.listing)} of the listing`,
      ],
    ],
  );
  return `${titleOf(result)}\n\n${table}`;
}

function titleOf({ users, latencyMs, rounds }: BenchResult): string {
  return `${count(users)} users, each answer ${latencyMs} ms late, ${rounds} ${rounds === 1 ? 'round' : 'rounds'}`;
}

export function time(seconds: number): string {
  return `${seconds < 10 ? seconds.toFixed(2) : seconds.toFixed(1)} s`;
}

export function count(value: number): string {
  return Math.round(value).toLocaleString('en');
}

export function ratio(value: number): string {
  return `${value.toPrecision(3)} ×`;
}
