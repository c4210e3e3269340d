import type { BenchResult } from '../result.ts';
import { markdownTable } from './markdown.ts';
import { besideGoal, count, ratio, resultTable, time } from './table.ts';

const introduction = `# Benchmarks

Written by \`npm run bench -- --write-docs\`; don’t edit. The results it is made from lie in
[benchmarks/](benchmarks/), as \`--json\` prints them.

    npm run bench -- --users 20000 [--latency MS] [--rounds N] [--json] [--write-docs]

## What is measured

Directories answer in 50 to 200 ms, never at once, so each answer of the simulated one is held back: by 100 ms unless
\`--latency\` says otherwise. A run is measured by its time over that of its floor, at the same latency: what it adds to
the waiting that nothing can spare. What a run computes is measured apart, as processor time, at 0 ms.

Everything is in one run on one machine: the simulated JumpCloud, the database and Redis run beside it. What is measured
takes turns, round by round, each in a process and a database of its own. A figure is the median of the rounds, with
the least and the most.

- **Floors** are what machine and directory allow, measured too: a process that does the unavoidable input and output
  of a run, overlapped, and nothing else. _fetch_: get and parse the same pages, as many at once as Rollcall at its
  fastest, with \`node:http\`. _import_: fetch, while the members and records that a first import leaves are inserted,
  under the same indexes. _write 1 %_: update 1 % of the members by \`_id\`, in bulk. _import_ is timed in a process that
  has just started, as the worker has; the others the second time. The start of the process is never part of it.
- **naive** is what people write first: page by page, and for each user a \`findOne\` and a \`save\` with mongoose. Over
  2,000 users it is measured with 2,000 and scaled by the time for each.
- **Rollcall** is \`rollcall serve worker\` as built, started anew each round, on an empty store. In its life it does
  all that is told here, in this order: first import, no change, a preview of 1 % changed, the same applied, 10 % gone
  (held by the brake), their approval. A time is from the run’s \`startedAt\` to its \`finishedAt\`; of an approval, from
  when it was asked for. The results also have the time until the command had ended (\`outside\`).
- **× floor** is the time over that of its floor: of the first import _import_, of no change _fetch_, of 1 % changed
  _fetch_ and _write 1 %_ together. **× naive** likewise.
- **CPU** is the processor time of the worker, all its threads, from before a command is started until it has ended, in
  the life of another worker beside a directory that answers at once. That of the simulator and the database is left out.
- **writes** are documents inserted, deleted or found by an update, in the whole database, by what the database
  answered to the command and the worker. They are counted in a run of their own, with the driver’s log.
- **memory** is the most that the worker was ever resident in that life (\`VmHWM\`), in MB of 2^20 bytes. Its growth is
  over that of another worker with a tenth of the users.
- **10 % gone, approved** asks the directory for each of the people again before they go: that is one request a person.`;

/** The whole of docs/benchmarks.md. `results` ascend by latency and users. */
export function benchmarksPage(results: readonly BenchResult[]): string {
  const parts = [
    introduction,
    '## Growth',
    '![Time and memory against users](benchmarks/growth.svg)',
    comparison(results),
    '## All results',
    ...results.flatMap((result) => [`### ${resultTable(result)}`, conditions(result)]),
  ];
  return `${parts.join('\n\n')}\n`;
}

function comparison(results: readonly BenchResult[]): string {
  return markdownTable(
    ['users', 'latency', 'first import', 'no change', '1 % changed', 'peak memory', 'growth'],
    results.map(({ users, latencyMs, firstImport, noChange, onePercent, memory }) => [
      count(users),
      `${latencyMs} ms`,
      `${time(firstImport.seconds)}, ${besideGoal(firstImport.overFloor, 'firstImport')}`,
      `${time(noChange.seconds)}, ${besideGoal(noChange.overFetch, 'noChange')}`,
      `${time(onePercent.seconds)}, ${besideGoal(onePercent.overFloor, 'onePercent')}`,
      `${count(memory.peakMb)} MB`,
      ratio(memory.growth),
    ]),
  );
}

function conditions({ date, machine, versions }: BenchResult): string {
  const { cpu, cores, memoryGb, os } = machine;
  return [
    `${date.slice(0, 10)}. ${cpu}, ${cores} cores, ${memoryGb} GB, ${os}.`,
    `Rollcall ${versions.rollcall}, Node ${versions.node}, ${versions.database}, ${versions.redis}.`,
  ].join(' ');
}
