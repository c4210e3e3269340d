/** Prints each action with its time, and counts it. */
export interface Journal {
  /** One line, counted under `kind` if there is one. */
  note(text: string, kind?: string): void;
  readonly counts: ReadonlyMap<string, number>;
}

export function openJournal(write: (line: string) => void): Journal {
  const startedAt = performance.now();
  const counts = new Map<string, number>();
  return {
    counts,
    note(text, kind) {
      const seconds = ((performance.now() - startedAt) / 1000).toFixed(1).padStart(7);
      if (kind !== undefined) counts.set(kind, (counts.get(kind) ?? 0) + 1);
      write(`${seconds}  ${text}`);
    },
  };
}

/** The result of one rule: it holds when the list of violations is empty. */
export interface Finding {
  readonly rule: string;
  readonly broken: readonly string[];
}

const mostExamples = 8;

/** The table at the end: how often each action was done, and each rule with a tick, or with its violations. */
export function summarize(
  counts: ReadonlyMap<string, number>,
  findings: readonly Finding[],
): readonly string[] {
  const width = Math.max(...[...counts.keys()].map(({ length }) => length));
  return [
    '',
    ...[...counts]
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([kind, count]) => `  ${kind.padEnd(width)}  ${count}`),
    '',
    ...findings.flatMap(({ rule, broken }) => [
      `${broken.length === 0 ? '✓' : '✗'} ${rule}`,
      ...broken.slice(0, mostExamples).map((each) => `    ${each}`),
      ...(broken.length > mostExamples ? [`    and ${broken.length - mostExamples} more`] : []),
    ]),
  ];
}
