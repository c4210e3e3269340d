import type { Distribution, Lateness } from './lateness.ts';
import type { StoresResult } from './measure-stores.ts';

/** The result as tables in Markdown. */
export function table(result: StoresResult): string {
  const { size, boot, redisBytes, firstSyncs, documents } = result;
  const facts: readonly (readonly [string, string])[] = [
    ['reconciling, all missing', `${boot.reconcileMissing} ms`],
    ['reconciling, all changed', `${boot.reconcileChanged} ms`],
    ['reconciling, nothing to change', `${boot.reconcileUnchanged} ms`],
    ['a worker from its start until ready', `${boot.workerReady} ms`],
    ['Redis, a scheduled store', `${redisBytes.perStore} bytes`],
    ['Redis, a store after its runs', `${redisBytes.afterRuns} bytes`],
    ['peak of a worker', `${result.workerPeakMiB ?? '?'} MiB`],
    ['first syncs of all', `${firstSyncs.seconds.toFixed(0)} s`],
    ...Object.entries(documents).map(
      ([name, count]) => [`documents in ${name} by one run of all`, String(count)] as const,
    ),
  ];
  const late: readonly (readonly [string, Lateness | undefined])[] = [
    [`${size.stores} in the same minute`, result.sameMinute],
    [`${size.stores} over ${size.minutes} minutes`, result.spread ?? undefined],
    ['100 by themselves', result.fairness?.alone],
    [`100 beside one of ${size.large} users`, result.fairness?.besideLarge],
  ];
  return [
    `${size.stores} stores of ${size.users} users, ${size.workers} workers, ${result.at}, Node ${result.node}`,
    '',
    ...rows(['', ''], facts),
    '',
    ...rows(
      ['due', 'queued late', 'started late', 'a run takes', 'all done after', 'not succeeded'],
      late.flatMap(([name, lateness]) =>
        lateness === undefined ? [] : [[name, ...cells(lateness)]],
      ),
    ),
    '',
  ].join('\n');
}

function cells(late: Lateness): readonly string[] {
  return [
    spell(late.dueToQueued),
    spell(late.dueToStarted),
    spell(late.startedToFinished),
    `${late.drained.toFixed(1)} s`,
    String(late.notSucceeded),
  ];
}

/** Median, 99th percentile and maximum. */
function spell({ p50, p99, max }: Distribution): string {
  return `${[p50, p99, max].map((seconds) => seconds.toFixed(2)).join(' / ')} s`;
}

function rows(head: readonly string[], body: readonly (readonly string[])[]): readonly string[] {
  const line = (words: readonly string[]): string => `| ${words.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...body.map(line)];
}
