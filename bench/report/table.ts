import type { BenchResult } from '../result.ts';
import { markdownTable } from './markdown.ts';

type Timed = Pick<BenchResult['firstImport'], 'seconds' | 'min' | 'max'>;

/** What was measured, as a table for people: it reads in a terminal and as Markdown. */
export function resultTable(result: BenchResult): string {
  const { firstImport, noChange, onePercent, preview, gone, floors, naive, memory } = result;
  const row = (what: string, { seconds, min, max }: Timed, beside = '') =>
    [what, time(seconds), `${time(min)} – ${time(max)}`, beside] as const;
  const floor = (what: string, name: keyof typeof floors) => {
    const { median: seconds, ...spread } = floors[name];
    return row(`floor: ${what}`, { seconds, ...spread });
  };
  const naively = naive.scaled ? `scaled from ${count(naive.usersMeasured)} users` : '';
  const table = markdownTable(
    ['', 'median', 'least – most', ''],
    [
      floor('fetch', 'fetch'),
      floor('import', 'import'),
      floor('no change', 'noChange'),
      floor('write 1 %', 'write'),
      row('naive first import', naive, naively),
      row(
        'first import',
        firstImport,
        `${ratio(firstImport.overFloor)} floor, ${ratio(firstImport.overNaive)} naive, ${count(firstImport.usersPerSecond)} users/s`,
      ),
      row(
        'no change',
        noChange,
        `${ratio(noChange.overFloor)} floor, ${ratio(noChange.overFetch)} fetch, ${noChange.writes} writes`,
      ),
      row(
        '1 % changed',
        onePercent,
        `${ratio(onePercent.overFloor)} floor, ${count(onePercent.writes)} writes`,
      ),
      row('preview of 1 % changed', preview),
      row('10 % gone, held', gone.held, `${count(gone.held.people)} people`),
      row('10 % gone, approved', gone.approved, `${count(gone.approved.people)} people`),
      [
        "worker's peak memory",
        `${count(memory.peakMb)} MB`,
        `${count(memory.min)} – ${count(memory.max)} MB`,
        `${ratio(memory.growth)} that of a tenth of the users`,
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
  const latency = latencyMs === 0 ? '' : `, each answer ${latencyMs} ms late`;
  return `${count(users)} users${latency}, ${rounds} ${rounds === 1 ? 'round' : 'rounds'}`;
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
